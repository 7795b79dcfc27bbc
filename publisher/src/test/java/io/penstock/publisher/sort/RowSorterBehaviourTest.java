package io.penstock.publisher.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowSorterBehaviourTest {
    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    private record Row(long hash, ByteString key, ByteString value, long number) {
        static final Comparator<Row> ORDER = Comparator.comparing(Row::hash, Long::compareUnsigned)
                .thenComparing(Row::key, ByteString.unsignedLexicographicalComparator())
                .thenComparing(Row::number);
    }

    /** Rows whose hashes and keys are often the same, or the same in their first bits, and of all sizes. */
    private static List<Row> rows(int seed, int count) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] key = new byte[random.nextInt(4)];
            random.nextBytes(key);
            byte[] value = new byte[random.nextInt(i % 100 == 0 ? 20_000 : 50)];
            random.nextBytes(value);
            long hash = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(5) - 2;
                case 1 -> (random.nextLong() & 3) << 62 | random.nextInt(3);
                default -> random.nextLong();
            };
            rows.add(new Row(hash, ByteString.copyFrom(key), ByteString.copyFrom(value), i + 1));
        }
        return rows;
    }

    private static void add(RowSorter sorter, List<Row> rows) {
        for (Row row : rows) {
            sorter.add(row.hash(), row.key().toByteArray(), row.value().toByteArray(), row.number());
        }
    }

    private static void requireRows(SortedRows sorted, List<Row> expected) {
        for (Row row : expected) {
            assertThat(sorted.next()).isTrue();
            Row found = new Row(
                    sorted.hash(),
                    ByteString.copyFrom(sorted.key()),
                    ByteString.copyFrom(sorted.value()),
                    sorted.rowNumber());
            assertThat(found).isEqualTo(row);
        }
        assertThat(sorted.next()).isFalse();
        assertThat(sorted.next()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 20000, 64, 1024, 8, 16", // all in memory, in several segments
        "2, 20000, 64, 192, 8, 16", // a few runs
        "3, 20000, 32, 96, 4, 16", // tens of runs, merged at two levels
        "4, 20000, 32, 96, 1, 2", // merged two at a time; frames smaller than some rows
        "5, 1, 32, 96, 4, 2",
        "6, 3000, 32, 64, 4, 2"
    })
    void ordersByUnsignedHashThenUnsignedKeyThenNumber(
            int seed, int count, int segmentKib, int segmentsKib, int frameKib, int runsMax) {
        List<Row> rows = rows(seed, count);
        MergeLimits limits = new MergeLimits(
                segmentKib * KIB,
                segmentKib * KIB,
                (long) segmentsKib * KIB,
                (long) runsMax * frameKib * KIB,
                frameKib * KIB,
                runsMax);
        try (RowSorter sorter = MergeSorter.open(SortOptions.in(directory), limits)) {
            add(sorter, rows);
            assertThat(sorter.rows()).isEqualTo(rows.size());
            assertThat(sorter.bytes())
                    .isEqualTo(rows.stream()
                            .mapToLong(row -> row.key().size() + row.value().size())
                            .sum());
            rows.sort(Row.ORDER);
            try (SortedRows sorted = sorter.sorted()) {
                requireRows(sorted, rows);
            }
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void sortsRowsOfAMebibyteInTheLeastMemory() {
        List<Row> rows = new ArrayList<>();
        Random random = new Random(1);
        byte[] value = new byte[MIB];
        for (int i = 0; i < 64; i++) {
            Arrays.fill(value, (byte) i);
            byte[] key = new byte[KIB];
            random.nextBytes(key);
            rows.add(new Row(random.nextLong(), ByteString.copyFrom(key), ByteString.copyFrom(value), i));
        }
        try (RowSorter sorter = RowSorter.open(new SortOptions(directory, SortOptions.MEMORY_BYTES_MIN, 0))) {
            add(sorter, rows);
            rows.sort(Row.ORDER);
            try (SortedRows sorted = sorter.sorted()) {
                requireRows(sorted, rows);
            }
        }
    }

    @Test
    void keepsManyRowsOfOneKeyInTheOrderTheyCame() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            rows.add(new Row(7, ByteString.copyFromUtf8("same"), ByteString.EMPTY, i));
        }
        try (RowSorter sorter = RowSorter.open(SortOptions.in(directory))) {
            add(sorter, rows);
            try (SortedRows sorted = sorter.sorted()) {
                requireRows(sorted, rows);
            }
        }
    }

    @Test
    void writesNothingToDiskWhenEverythingFits() {
        try (RowSorter sorter = RowSorter.open(new SortOptions(directory, 64L * MIB, 1))) {
            byte[] value = new byte[1_000];
            for (int i = 0; i < 40_000; i++) {
                sorter.add(i * 0x9E3779B97F4A7C15L, new byte[] {1}, value, i);
            }
            int rows = 0;
            SortedRows sorted = sorter.sorted();
            while (sorted.next()) {
                rows++;
            }
            assertThat(rows).isEqualTo(40_000);
        }
    }

    @Test
    void sortsNothing() {
        try (RowSorter sorter = RowSorter.open(SortOptions.in(directory));
                SortedRows sorted = sorter.sorted()) {
            assertThat(sorted.next()).isFalse();
        }
    }

    @Test
    void leavesNoFileBehindWhenItIsGivenUp() {
        RowSorter sorter = RowSorter.open(new SortOptions(directory, SortOptions.MEMORY_BYTES_MIN, 0));
        spillSome(sorter);
        SortedRows sorted = sorter.sorted();
        assertThat(sorted.next()).isTrue();

        sorter.close();

        assertThat(directory).isEmptyDirectory();
        sorter.close();
    }

    @Test
    void canBeGivenUpWhileRowsAreAdded() {
        RowSorter sorter = RowSorter.open(new SortOptions(directory, SortOptions.MEMORY_BYTES_MIN, 0));
        spillSome(sorter);

        sorter.close();

        assertThat(directory).isEmptyDirectory();
        assertThatThrownBy(() -> sorter.add(1, new byte[1], new byte[1], 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the sorter is closed");
    }

    private static void spillSome(RowSorter sorter) {
        byte[] value = new byte[500];
        for (int i = 0; i < 60_000; i++) {
            sorter.add(i * 0x9E3779B97F4A7C15L, new byte[] {1}, value, i);
        }
    }

    @Test
    void refusesToGoOnAddingOnceItIsRead() {
        try (RowSorter sorter = RowSorter.open(SortOptions.in(directory))) {
            sorter.sorted();
            assertThatThrownBy(() -> sorter.add(1, new byte[1], new byte[1], 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the sorter is being read");
        }
    }

    @Test
    void endsWhenItIsInterrupted() {
        try (RowSorter sorter = RowSorter.open(new SortOptions(directory, SortOptions.MEMORY_BYTES_MIN, 0))) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> spillSome(sorter))
                    .isInstanceOfSatisfying(
                            PublisherException.class, e -> assertThat(e.code()).isEqualTo("INTERRUPTED"));
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void saysWhichDirectoryItCannotUse() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> RowSorter.open(SortOptions.in(missing)))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.USAGE))
                .hasMessage("cannot sort in " + missing
                        + ": it must be a directory that can be written; make it one, or name another");
    }

    @Test
    void saysWhenThereIsNoSpaceLeftToSpillTo() {
        SortOptions options = new SortOptions(directory, SortOptions.MEMORY_BYTES_MIN, MIB);
        try (RowSorter sorter = RowSorter.open(options)) {
            assertThatThrownBy(() -> {
                        spillSome(sorter);
                        sorter.sorted();
                    })
                    .isInstanceOfSatisfying(PublisherException.class, e -> {
                        assertThat(e.code()).isEqualTo("SORT_SPACE");
                        assertThat(e.category()).isEqualTo(Category.REFUSED);
                    })
                    .hasMessage("no space left to sort in " + directory
                            + ": free some (about the rows' bytes and a fifth are needed), or name another directory");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void checksItsOptions() {
        assertThat(SortOptions.in(directory)).isEqualTo(new SortOptions(directory, 384L * MIB, 0));
        assertThatThrownBy(() -> new SortOptions(directory, MIB, 0))
                .hasMessage("sort memory: 1048576 bytes (expected: >= 16777216)");
        assertThatThrownBy(() -> new SortOptions(directory, 16L * MIB, -1))
                .hasMessage("sort spill: -1 bytes (expected: >= 0)");
    }
}
