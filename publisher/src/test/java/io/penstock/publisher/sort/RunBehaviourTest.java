package io.penstock.publisher.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.RowMark;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunBehaviourTest {
    private static final int FRAME_BYTES = 1_024;
    private static final int ROWS = 100;

    @TempDir
    Path directory;

    private FileChannel open() throws IOException {
        return FileChannel.open(
                directory.resolve("run"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    private static RecordCursor rows() {
        Segment segment = Segment.allocate(1 << 20);
        for (int i = 0; i < ROWS; i++) {
            assertThat(segment.add(i, new byte[] {(byte) i}, new byte[i], RowMark.PLAIN, i))
                    .isTrue();
        }
        segment.sort();
        return segment.cursor();
    }

    private int readAll(Run run) {
        RecordCursor rows = run.cursor(new SortFailures(directory));
        int count = 0;
        while (rows.next()) {
            assertThat(rows.hash()).isEqualTo(count);
            assertThat(rows.key()).containsExactly(count);
            assertThat(rows.value()).hasSize(count);
            assertThat(rows.rowNumber()).isEqualTo(count);
            count++;
        }
        return count;
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        try (FileChannel file = open();
                Run run = Run.write(file, rows(), FRAME_BYTES, bytes -> {})) {
            assertThat(run.bytes()).isEqualTo(file.size());
            assertThat(readAll(run)).isEqualTo(ROWS);
            assertThat(readAll(run)).isEqualTo(ROWS);
        }
    }

    @Test
    void noticesAFileThatWasCut() throws IOException {
        try (FileChannel file = open();
                Run run = Run.write(file, rows(), FRAME_BYTES, bytes -> {})) {
            for (long size = file.size() - 1; size > 0; size -= 97) {
                file.truncate(size);
                requireDamaged(run);
            }
        }
    }

    @Test
    void noticesAByteThatChanged() throws IOException {
        try (FileChannel file = open();
                Run run = Run.write(file, rows(), FRAME_BYTES, bytes -> {})) {
            for (long place = 0; place < file.size(); place += 89) {
                ByteBuffer was = ByteBuffer.allocate(1);
                file.read(was, place);
                file.write(ByteBuffer.wrap(new byte[] {(byte) (was.get(0) ^ 0x10)}), place);
                requireDamaged(run);
                file.write(was.flip(), place);
            }
            assertThat(readAll(run)).isEqualTo(ROWS);
        }
    }

    private void requireDamaged(Run run) {
        assertThatThrownBy(() -> readAll(run))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.code()).isEqualTo("SORT_DAMAGED");
                    assertThat(e.category()).isEqualTo(Category.UNAVAILABLE);
                })
                .hasMessage("rows that were put aside in " + directory
                        + " came back damaged; look at the disk, or name another directory, and run it again");
    }

    @Test
    void saysWhenTheDiskIsFull() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "a device that is always full");
        try (FileChannel file = FileChannel.open(full, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> Run.write(file, rows(), FRAME_BYTES, bytes -> {}))
                    .isInstanceOfSatisfying(
                            IOException.class,
                            e -> assertThat(new SortFailures(directory).of(e))
                                    .hasMessageStartingWith("no space left to sort in " + directory));
        }
    }
}
