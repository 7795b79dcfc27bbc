package io.penstock.publisher.sort;

import io.penstock.publisher.RowMark;
import io.penstock.publisher.stored.Stages;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An external merge sort. Rows fill one {@link Segment} after the other; a worker sorts a full one while the next is
 * filled. What fits stays in memory; else the worker writes the largest to a file as a {@link Run}, and it is filled again.
 * Reading merges what is in memory with the runs.
 *
 * <p>All fields are the caller's thread's; what the worker does is handed over and back by futures.
 */
final class MergeSorter implements RowSorter {
    private static final long WORKER_END_SECONDS_MAX = 60;

    private final MergeLimits limits;
    private final RunFiles files;
    private final ExecutorService worker;

    /** Full segments in memory; the worker has been told to sort each. */
    private final List<Segment> full = new ArrayList<>();

    private final List<CompletableFuture<Void>> sorting = new ArrayList<>();
    private final Deque<CompletableFuture<Segment>> spilling = new ArrayDeque<>();
    private @Nullable Segment filling;
    private long bytesAllocated;
    private boolean exhausted;
    private long rows;
    private long bytes;
    private State state = State.ADDING;

    private enum State {
        ADDING,
        READING,
        CLOSED
    }

    private MergeSorter(MergeLimits limits, RunFiles files) {
        this.limits = limits;
        this.files = files;
        this.worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "penstock-sort");
            thread.setDaemon(true);
            return thread;
        });
    }

    static MergeSorter open(SortOptions options, MergeLimits limits) {
        SortFailures failures = new SortFailures(options.directory());
        if (!Files.isDirectory(options.directory()) || !Files.isWritable(options.directory())) {
            throw failures.unusable(null);
        }
        return new MergeSorter(limits, new RunFiles(options, limits.frameBytes(), failures));
    }

    @Override
    public void add(long hash, byte[] key, byte[] value, RowMark mark, long rowNumber) {
        requireAdding();
        limits.requireFits(key.length, value.length);
        Segment open = filling;
        while (open == null || !open.add(hash, key, value, mark, rowNumber)) {
            open = nextSegment();
        }
        rows++;
        bytes += key.length + value.length;
    }

    private void requireAdding() {
        switch (state) {
            case ADDING -> {}
            case READING -> throw new IllegalStateException("the sorter is being read");
            case CLOSED -> throw new IllegalStateException("the sorter is closed");
        }
    }

    /** Hands the full segment over and begins another, for which it may have to wait. */
    private Segment nextSegment() {
        handOver();
        Segment next = allocate();
        if (next == null) {
            if (spilling.isEmpty()) {
                spillLargest();
            }
            next = Stages.await(spilling.remove());
        }
        filling = next;
        if (exhausted && spilling.isEmpty() && !full.isEmpty()) {
            spillLargest(); // so that the next full segment need not wait for it
        }
        return next;
    }

    private void handOver() {
        Segment done = filling;
        if (done == null) {
            return;
        }
        filling = null;
        if (done.rows() > 0) {
            full.add(done);
            sorting.add(CompletableFuture.runAsync(done::sort, worker));
        }
    }

    /** Makes a segment twice as large as the last one; null once there is no room, or the JVM has none. */
    private @Nullable Segment allocate() {
        int capacity = limits.nextSegmentBytes(bytesAllocated);
        if (exhausted || capacity == 0) {
            exhausted = true;
            return null;
        }
        try {
            Segment segment = Segment.allocate(capacity);
            bytesAllocated += capacity;
            exhausted = limits.nextSegmentBytes(bytesAllocated) == 0;
            return segment;
        } catch (OutOfMemoryError e) {
            if (full.isEmpty()) {
                throw e;
            }
            exhausted = true; // -XX:MaxDirectMemorySize allows less than the options do: spill sooner
            return null;
        }
    }

    /** The worker does one thing after the other: by then the segment is sorted. */
    private void spillLargest() {
        Segment largest = full.stream()
                .max(Comparator.comparingInt(Segment::capacity))
                .orElseThrow(() -> new IllegalStateException("nothing is there to be spilled"));
        full.remove(largest);
        spilling.add(CompletableFuture.supplyAsync(
                () -> {
                    files.spill(largest.cursor());
                    largest.clear();
                    return largest;
                },
                worker));
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public SortedRows sorted() {
        requireAdding();
        state = State.READING;
        handOver();
        sorting.forEach(Stages::await);
        spilling.forEach(Stages::await);
        List<RecordCursor> inputs = files.mergedDownTo(limits.readBytesMax(), limits.runsMax());
        full.forEach(segment -> inputs.add(segment.cursor()));
        return new MergedRows(inputs);
    }

    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        worker.shutdownNow();
        boolean interrupted = false;
        try {
            worker.awaitTermination(WORKER_END_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        files.close();
        full.clear();
        spilling.clear();
        sorting.clear();
        filling = null;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
