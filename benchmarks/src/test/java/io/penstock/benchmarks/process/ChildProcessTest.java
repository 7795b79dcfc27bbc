package io.penstock.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.benchmarks.BenchmarkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void givesItsLinesInOrderAndItsEnd() throws InterruptedException {
        try (ChildProcess child = start("echo one; echo two; echo three")) {
            assertThat(child.nextLine(LONG)).isEqualTo("one");
            child.awaitEnd(LONG);
            assertThat(child.remainingLines()).containsExactly("two", "three");
        }
    }

    @Test
    void saysWhatItWroteToStandardErrorWhenItFails() {
        try (ChildProcess child = start("echo 'no such store' >&2; exit 5")) {
            assertThatThrownBy(() -> child.awaitEnd(LONG))
                    .isInstanceOf(BenchmarkException.class)
                    .hasMessage("child failed with status 5: no such store");
            assertThatThrownBy(() -> child.nextLine(LONG)).hasMessage("child ended: no such store");
        }
    }

    @Test
    void endsWithItsHandle() {
        ChildProcess child = start("exec sleep 1000");

        child.close();

        assertThat(child.isAlive()).isFalse();
    }

    @Test
    void refusesAProgramThatIsNotThere() {
        assertThatThrownBy(() -> ChildProcess.start("child", List.of("/no/such/program"), Map.of(), directory))
                .isInstanceOf(BenchmarkException.class)
                .hasMessage("child: cannot run /no/such/program");
    }

    @Test
    void needsTheInstalledCommand() {
        assertThatThrownBy(() -> Distribution.in(directory.toString()))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("bin/penstock is not there; run it with bin/penstock of the distribution");
    }

    private ChildProcess start(String script) {
        return ChildProcess.start("child", List.of("sh", "-c", script), Map.of(), directory);
    }
}
