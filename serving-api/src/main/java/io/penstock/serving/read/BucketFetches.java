package io.penstock.serving.read;

import io.penstock.serving.read.ReadMetrics.ForDataset;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.CatalogChecks;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.LossReports;
import io.penstock.store.DatasetId;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The buckets one loop has asked the store for: one fetch a bucket however many want it, one flush a turn however many
 * buckets, and a bound on both; step 4 of the read path, and hot. Confined to its loop.
 */
final class BucketFetches {
    private final EventLoopHandle loop;
    private final BlobReader reader;
    private final CatalogChecks checks;
    private final LossReports losses;
    private final DeadlineWheel deadlines;
    private final LongSupplier nanoClock;
    private final ReadMetrics metrics;
    private final int waitersMax;
    private final FetchLimit limit;
    private final long fetchNanosMax;

    private final Map<BlobAddress, Fetch> inFlight = new HashMap<>();
    private final Oldest oldest = new Oldest();
    private final RowFinder finder = new RowFinder();
    private final Runnable flush = this::flush;
    private int waiters;
    private int unended;
    /** How often fetches were sent. */
    private long turn;

    private boolean flushScheduled;
    private boolean closed;

    BucketFetches(
            EventLoopHandle loop,
            BlobReader reader,
            CatalogChecks checks,
            LossReports losses,
            DeadlineWheel deadlines,
            ReadLimits limits,
            LongSupplier nanoClock,
            ReadMetrics metrics) {
        this.loop = loop;
        this.reader = reader;
        this.checks = checks;
        this.losses = losses;
        this.deadlines = deadlines;
        this.nanoClock = nanoClock;
        this.metrics = metrics;
        this.waitersMax = limits.pendingReads();
        this.limit = new FetchLimit(limits.pendingFetches(), limits.slowFetch());
        this.fetchNanosMax = limits.readTime().toNanos();
    }

    /**
     * Lets {@code waiter} wait for a bucket. It may have its answer before this returns.
     *
     * @param nowNanos when the caller last looked at the clock: of a batch, once for all its buckets
     */
    void join(DatasetView view, int bucket, long generation, ForDataset datasetMetrics, Waiter waiter, long nowNanos) {
        if (waiters >= waitersMax) {
            waiter.failed(Reason.REASON_OVERLOADED);
            return;
        }
        BlobAddress address = BlobAddress.bucket(view.id(), generation, bucket);
        Fetch present = inFlight.get(address);
        if (present != null) {
            present.add(waiter);
            return;
        }
        if (unended >= limit.fetches()) {
            waiter.failed(Reason.REASON_OVERLOADED);
            return;
        }
        Fetch fetch = new Fetch(this, view, bucket, address, datasetMetrics);
        inFlight.put(address, fetch);
        unended++;
        fetch.add(waiter);
        ask(fetch, nowNanos);
        bound(fetch, nowNanos);
    }

    /** Sends a fetch to the store with this turn's batch. */
    void ask(Fetch fetch, long nowNanos) {
        fetch.asked(turn, nowNanos);
        reader.get(fetch.address(), fetch.consistency(), fetch);
        // Also when it was answered in place: the flush is what lets such a store take a newer state.
        if (!flushScheduled) {
            flushScheduled = true;
            loop.executor().execute(flush);
        }
    }

    /** Asks the catalog whether the version is still kept. */
    void recheck(Fetch fetch, DatasetView view) {
        checks.recheck(view).thenAccept(verdict -> loop.executor().execute(() -> fetch.judge(verdict)));
    }

    void lost(DatasetId dataset, long generation, int bucket) {
        losses.reportLost(dataset, generation, bucket);
    }

    /** A fetch has ended; whoever wants the bucket now asks anew. */
    void ended(Fetch fetch) {
        unended--;
        if (inFlight.get(fetch.address()) == fetch) {
            inFlight.remove(fetch.address());
        }
        if (unended == 0) {
            deadlines.remove(oldest);
        }
    }

    /** A fetch that had ended goes on: its bucket made no sense. */
    void resume(Fetch fetch) {
        unended++;
        inFlight.put(fetch.address(), fetch);
        bound(fetch, nanoClock.getAsLong());
    }

    private void bound(Fetch fetch, long nowNanos) {
        if (!fetch.hasEnded()) {
            fetch.boundAt(nowNanos + fetchNanosMax);
            if (!oldest.isInWheel()) {
                deadlines.add(oldest, nowNanos + fetchNanosMax);
            }
        }
    }

    /** Gives up the fetches whose time is over, or all of a reader that is closed. */
    private void giveUp() {
        long nowNanos = nanoClock.getAsLong();
        List<Fetch> overdue = new ArrayList<>();
        long leftNanos = Long.MAX_VALUE;
        for (Fetch fetch : inFlight.values()) {
            if (closed || fetch.giveUpAtNanos() - nowNanos <= 0) {
                overdue.add(fetch);
            } else {
                leftNanos = Math.min(leftNanos, fetch.giveUpAtNanos() - nowNanos);
            }
        }
        if (leftNanos < Long.MAX_VALUE) {
            deadlines.add(oldest, nowNanos + leftNanos);
        }
        overdue.forEach(Fetch::giveUp);
    }

    /** How many fetches there may be at present. Any thread. */
    FetchLimit limit() {
        return limit;
    }

    void waiting(int more) {
        waiters += more;
    }

    int waiters() {
        return waiters;
    }

    int fetches() {
        return unended;
    }

    boolean isFull() {
        return waiters >= waitersMax;
    }

    RowFinder finder() {
        return finder;
    }

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    private void flush() {
        flushScheduled = false;
        turn++;
        if (closed) {
            return;
        }
        reader.flush();
        metrics.pending(waiters, unended);
    }

    boolean isClosed() {
        return closed;
    }

    /** Fails what is unanswered and closes the reader. */
    void close() {
        closed = true;
        reader.close();
    }

    /**
     * When the oldest fetch is to be given up, or earlier: all have the same time, so one deadline is enough for them, and
     * most fetches come and go without touching the wheel.
     */
    private final class Oldest extends Deadline {
        @Override
        void expired() {
            giveUp();
        }
    }
}
