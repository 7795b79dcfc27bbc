package io.penstock.publisher.sort;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one sort. Their files are deleted as soon as they are open (on Windows, when they are closed): however the
 * process ends, it leaves none. Used by one thread at a time.
 */
final class RunFiles {
    private final SortOptions options;
    private final int frameBytes;
    private final SortFailures failures;
    private final List<Run> runs = new ArrayList<>();
    private long bytes;
    private boolean closed;

    RunFiles(SortOptions options, int frameBytes, SortFailures failures) {
        this.options = options;
        this.frameBytes = frameBytes;
        this.failures = failures;
    }

    /** Puts rows that are in order aside. */
    synchronized void spill(SortedRecords rows) {
        runs.add(write(rows));
    }

    private Run write(SortedRecords rows) {
        if (closed) {
            throw new IllegalStateException("the sorter is closed");
        }
        FileChannel channel = null;
        try {
            channel = open();
            return Run.write(channel, rows, frameBytes, this::take);
        } catch (IOException e) {
            closeQuietly(channel);
            throw failures.of(e);
        } catch (RuntimeException | Error e) {
            closeQuietly(channel);
            throw e;
        }
    }

    /** A file of its own that only its owner can read. */
    private FileChannel open() throws IOException {
        Path file = Files.createTempFile(options.directory(), "penstock-sort-", ".run");
        try {
            return FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private void take(int frame) throws IOException {
        bytes += frame;
        if (options.spillBytesMax() > 0 && bytes > options.spillBytesMax()) {
            throw new SortFailures.SpillLimitException(options.spillBytesMax());
        }
    }

    /** The runs, first merged into fewer where reading all at once would take too many, or too much memory. */
    synchronized List<RecordCursor> mergedDownTo(long readBytesMax, int runsMax) {
        int frame = runs.stream().mapToInt(Run::frameBytesMax).max().orElse(frameBytes);
        int atOnce = (int) Math.max(2, Math.min(runsMax, readBytesMax / frame));
        while (runs.size() > atOnce) {
            mergeOldest(Math.min(atOnce, runs.size() - atOnce + 1));
        }
        return cursors(runs);
    }

    private void mergeOldest(int count) {
        List<Run> merging = new ArrayList<>(runs.subList(0, count));
        Run merged = write(new MergedRows(cursors(merging)));
        runs.removeAll(merging);
        runs.add(merged);
        for (Run run : merging) {
            bytes -= run.bytes();
            closeQuietly(run);
        }
    }

    private List<RecordCursor> cursors(List<Run> of) {
        List<RecordCursor> cursors = new ArrayList<>();
        of.forEach(run -> cursors.add(run.cursor(failures)));
        return cursors;
    }

    synchronized void close() {
        closed = true;
        runs.forEach(RunFiles::closeQuietly);
        runs.clear();
    }

    private static void closeQuietly(@Nullable AutoCloseable file) {
        if (file == null) {
            return;
        }
        try {
            file.close();
        } catch (Exception e) {
            // It is deleted, or will be; nothing of value can be lost with it.
        }
    }
}
