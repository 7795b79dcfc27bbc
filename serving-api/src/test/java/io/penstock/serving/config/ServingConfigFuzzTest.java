package io.penstock.serving.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.serving.ServingException;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingConfigFuzzTest {
    @TempDir
    Path directory;

    @Test
    void aFileIsReadOrRefused() throws Exception {
        Path file = directory.resolve("penstock.yaml");
        Fuzz.text(
                        "configuration file",
                        List.of(ServingConfigTest.EVERYTHING),
                        "4GiB",
                        "99999999999999999999",
                        "999999999d",
                        "- a\n",
                        "[",
                        "{",
                        "&a ",
                        "*a",
                        "!!int ",
                        "---\n",
                        "null",
                        "\"\"",
                        "\u0000",
                        "\t",
                        ":")
                .allocatingAtMost(32 << 20) // the parser of YAML copies its text
                .run(1_000, text -> {
                    Files.write(file, text);
                    try {
                        ServingConfig.load(file, Map.of());
                    } catch (ServingException e) {
                        assertThat(e.code()).isEqualTo(ServingException.Code.INVALID_CONFIG);
                    }
                });
    }
}
