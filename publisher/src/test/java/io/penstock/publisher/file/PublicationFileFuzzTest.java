package io.penstock.publisher.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.publisher.PublisherException;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicationFileFuzzTest {
    private static final String DELTA = """
            contract: customer.proto
            message: tests.v1.Customer
            source:
              avro: "in-${day}/*.avro"
              parameters: { day: 2024-02-29 }
              data_as_of: ${day}T00:00:00Z
              base: "2024-02-28"
              columns: { operation: op, expires_at: until }
            mode: delta
            checks:
              canary-keys: ["17", b]
            """;

    @TempDir
    Path directory;

    @Test
    void isReadOrRefusedWithoutTellingASecret() throws Exception {
        Files.writeString(directory.resolve("secret.txt"), "geheim");
        Files.writeString(directory.resolve("customer.sql"), "SELECT '${day}' ${region}");
        Path file = directory.resolve("publication.yaml");
        Map<String, String> environment = Map.of("DB", "shop", "DB_USER", "reader");
        Fuzz.text(
                        "publication file",
                        List.of(PublicationFileBehaviourTest.EVERYTHING, DELTA),
                        "${env:DB}",
                        "${env:DB_PASSWORD:-none}",
                        "${file:secret.txt}",
                        "${",
                        "&a ",
                        "*a",
                        "<<: ",
                        "!!java.net.URL ",
                        "---\n",
                        "[",
                        "{",
                        "? ",
                        "|\n",
                        "null",
                        "1e999999999",
                        "99999999999999999999",
                        "-",
                        "\u0000",
                        "\uFEFF",
                        "\t")
                .allocatingAtMost(32 << 20) // the parser of YAML copies its text
                .run(1_000, text -> {
                    Files.write(file, text);
                    try {
                        PublicationFile.read(file, Map.of(), environment::get);
                    } catch (PublisherException e) {
                        assertThat(e.code()).isEqualTo("PUBLICATION_FILE");
                        assertThat(e).message().doesNotContain("geheim");
                    }
                });
    }
}
