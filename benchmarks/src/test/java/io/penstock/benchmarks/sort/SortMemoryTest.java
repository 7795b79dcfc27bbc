package io.penstock.benchmarks.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.sort.SortOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortMemoryTest {
    @TempDir
    Path directory;

    @Test
    void sortsEveryRowAndSaysWhatItTook() {
        SortMemoryReport report = SortMemory.run(new SortMemoryOptions(10_000, 20, SortOptions.in(directory)));

        assertThat(report.rows()).isEqualTo(10_000);
        assertThat(report.bytes()).isEqualTo(10_000 * 20 + 10 + 90 * 2 + 900 * 3 + 9_000 * 4);
        assertThat(report.heapBytesMax()).isPositive();
        assertThat(report.rowsPerSecond()).isPositive();
        assertThat(report.toText())
                .contains("values       20 random bytes each")
                .contains("sorter       384 MiB")
                .contains("rows         10,000 (0 MiB)");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void checksItsOptions() {
        assertThat(SortMemoryOptions.of(1, 0).sort()).isEqualTo(SortOptions.defaults());
        assertThatThrownBy(() -> SortMemoryOptions.of(0, 1)).hasMessage("rows: 0 (expected: >= 1)");
        assertThatThrownBy(() -> SortMemoryOptions.of(1, -1)).hasMessage("valueBytes: -1 (expected: 0 to 1048576)");
    }
}
