package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That every benchmark still works, end to end on the packaged distribution; figures are there, whatever they are. */
class BenchSmokeIT {
    private static final long MAX_MINUTES = 5;

    /** Where something slow may last longer than the load it is measured in; then there is no round. */
    private static final Set<String> AT_THE_MERCY_OF_THE_MACHINE =
            Set.of("swap-p99", "swap-hit-ratio", "publish-reads", "publish-reads-throttled");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "goals --only hit-throughput,batch-cold,allocation",
                "swap --every 2s",
                "warmup",
                "publish",
                "memory",
                "scale --max-rows 100000"
            })
    void measures(String command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(launcher().toString(), "bench"));
        arguments.addAll(List.of(command.split(" ", -1)));
        arguments.addAll(List.of("--quick", "--json", "--out", directory.toString()));
        Path output = directory.resolve("stdout");
        Path errors = directory.resolve("stderr");
        Process process = new ProcessBuilder(arguments)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(MAX_MINUTES, TimeUnit.MINUTES))
                    .as(command)
                    .isTrue();
        } finally {
            process.destroy();
        }

        assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
        JsonNode report = new ObjectMapper().readTree(Files.readString(output));
        assertThat(report.path("quick").asBoolean()).isTrue();
        assertThat(report.path("measured")).isNotEmpty().allSatisfy(measured -> {
            assertThat(measured.path("conditions").has("machine")).isTrue();
            assertThat(measured.path("results")).isNotEmpty().allSatisfy(BenchSmokeIT::hasFigures);
        });
        String name = command.split(" ", 2)[0];
        assertThat(directory.resolve(name + ".json")).isNotEmptyFile();
        assertThat(directory.resolve(name + ".md")).content().contains("claims nothing");
    }

    private static void hasFigures(JsonNode result) {
        String target = result.path("target").path("name").asText();
        if (!AT_THE_MERCY_OF_THE_MACHINE.contains(target)) {
            assertThat(result.path("rounds")).as(result.toString()).isNotEmpty();
        }
    }

    private static Path launcher() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.map(file -> file.resolve("bin").resolve("penstock").toAbsolutePath())
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the distribution was not packaged"));
        }
    }
}
