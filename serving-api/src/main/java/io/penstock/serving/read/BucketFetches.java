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
import java.util.HashMap;
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

    /** Lets {@code waiter} wait for a bucket. It may have its answer before this returns. */
    void join(DatasetView view, int bucket, long generation, ForDataset datasetMetrics, Waiter waiter) {
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
        ask(fetch);
        bound(fetch);
    }

    /** Sends a fetch to the store with this turn's batch. */
    void ask(Fetch fetch) {
        fetch.asked(turn, nanoClock.getAsLong());
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
        deadlines.remove(fetch);
        unended--;
        if (inFlight.get(fetch.address()) == fetch) {
            inFlight.remove(fetch.address());
        }
    }

    /** A fetch that had ended goes on: its bucket made no sense. */
    void resume(Fetch fetch) {
        unended++;
        inFlight.put(fetch.address(), fetch);
        bound(fetch);
    }

    private void bound(Fetch fetch) {
        if (!fetch.hasEnded() && !fetch.isInWheel()) {
            deadlines.add(fetch, nanoClock.getAsLong() + fetchNanosMax);
        }
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
}
