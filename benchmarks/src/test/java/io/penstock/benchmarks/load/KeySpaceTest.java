package io.penstock.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySpaceTest {
    @TempDir
    Path directory;

    @Test
    void countsARangeWithBothEnds() {
        KeySpace keys = KeySpace.range(5, 7);

        assertThat(keys.size()).isEqualTo(3);
        assertThat(keys.key(0)).isEqualTo("5");
        assertThat(keys.key(2)).isEqualTo("7");
    }

    @Test
    void refusesARangeWithNothingInIt() {
        assertThatThrownBy(() -> KeySpace.range(2, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key range: 2..1 (expected: first..last, from 0, with at most 2147483647 numbers)");
    }

    @Test
    void readsAKeyALine() throws IOException {
        KeySpace keys = KeySpace.file(Files.writeString(directory.resolve("keys.txt"), "a\n\nb c\n"));

        assertThat(keys.size()).isEqualTo(2);
        assertThat(keys.key(1)).isEqualTo("b c");
    }

    @Test
    void namesAFileThatIsNotThere() {
        Path missing = directory.resolve("missing.txt");

        assertThatThrownBy(() -> KeySpace.file(missing))
                .isInstanceOf(BenchmarkException.class)
                .hasMessage("key file " + missing + " cannot be read");
    }
}
