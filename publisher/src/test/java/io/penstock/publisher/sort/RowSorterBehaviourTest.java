package io.penstock.publisher.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowSorterBehaviourTest {
    @TempDir
    Path directory;

    private record Row(long hash, ByteString key, ByteString value, long number) {}

    @Test
    void ordersByUnsignedHashThenUnsignedKeyThenNumber() {
        Random random = new Random(1);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            byte[] key = new byte[random.nextInt(4)];
            random.nextBytes(key);
            byte[] value = new byte[random.nextInt(i % 100 == 0 ? 20_000 : 50)];
            random.nextBytes(value);
            long hash = random.nextInt(3) == 0 ? random.nextInt(5) - 2 : random.nextLong();
            rows.add(new Row(hash, ByteString.copyFrom(key), ByteString.copyFrom(value), i + 1));
        }
        try (RowSorter sorter = RowSorter.open(SortOptions.in(directory))) {
            long bytes = 0;
            for (Row row : rows) {
                sorter.add(row.hash(), row.key().toByteArray(), row.value().toByteArray(), row.number());
                bytes += row.key().size() + row.value().size();
            }
            assertThat(sorter.rows()).isEqualTo(rows.size());
            assertThat(sorter.bytes()).isEqualTo(bytes);

            rows.sort(Comparator.comparing(Row::hash, Long::compareUnsigned)
                    .thenComparing(Row::key, ByteString.unsignedLexicographicalComparator())
                    .thenComparing(Row::number));
            try (SortedRows sorted = sorter.sorted()) {
                for (Row expected : rows) {
                    assertThat(sorted.next()).isTrue();
                    assertThat(sorted.hash()).isEqualTo(expected.hash());
                    assertThat(sorted.key()).isEqualTo(expected.key().toByteArray());
                    assertThat(sorted.value()).isEqualTo(expected.value().toByteArray());
                    assertThat(sorted.rowNumber()).isEqualTo(expected.number());
                }
                assertThat(sorted.next()).isFalse();
            }
        }
        assertThat(directory).isEmptyDirectory();
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
        RowSorter sorter = RowSorter.open(new SortOptions(directory, SortOptions.MEMORY_BYTES_MIN, 1));
        byte[] value = new byte[500];
        for (int i = 0; i < 60_000; i++) {
            new Random(i).nextBytes(value);
            sorter.add(i * 0x9E3779B97F4A7C15L, new byte[] {1}, value, i);
        }
        SortedRows sorted = sorter.sorted();
        assertThat(sorted.next()).isTrue();

        sorter.close();

        assertThat(directory).isEmptyDirectory();
        sorter.close();
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
    void saysWhichDirectoryItCannotUse() {
        Path missing = directory.resolve("missing");
        assertThatThrownBy(() -> RowSorter.open(SortOptions.in(missing)))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.USAGE))
                .hasMessage("cannot create a directory to sort in under " + missing
                        + ": make it writable, or name another one");
    }

    @Test
    void saysWhenThereIsNoSpaceLeftToSpillTo() {
        SortOptions options = new SortOptions(directory, SortOptions.MEMORY_BYTES_MIN, 1, 1 << 20);
        byte[] value = new byte[500];
        try (RowSorter sorter = RowSorter.open(options)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 800_000; i++) {
                            new Random(i).nextBytes(value);
                            sorter.add(i, new byte[] {1}, value, i);
                        }
                        SortedRows sorted = sorter.sorted();
                        while (sorted.next()) {
                            sorted.value();
                        }
                    })
                    .isInstanceOfSatisfying(
                            PublisherException.class, e -> assertThat(e.code()).isEqualTo("SORT_SPACE"))
                    .hasMessage("no space left to sort in " + directory
                            + ": free some (about three times the rows' bytes are needed), or name another directory");
        }
        assertThat(directory).isEmptyDirectory();
    }
}
