package io.penstock.serving.read;

import io.penstock.serving.read.CachedHotRows.HotBucket;
import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.cache.RowKey;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetView;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One loop's share of a prefetch: a few buckets in flight at a time, none after the deadline. Confined to the loop. */
final class Prefetch {
    static final int IN_FLIGHT_MAX = 32;

    private final Loop loop;
    private final DatasetView version;
    private final List<HotBucket> buckets;
    private final long deadlineNanos;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private int started;
    private int inFlight;
    private boolean starting;

    Prefetch(Loop loop, DatasetView version, List<HotBucket> buckets, long deadlineNanos) {
        this.loop = loop;
        this.version = version;
        this.buckets = buckets;
        this.deadlineNanos = deadlineNanos;
    }

    /** Begins, from any thread; complete when no fetch is left. */
    CompletableFuture<Void> start() {
        if (buckets.isEmpty()) {
            done.complete(null);
        } else {
            loop.execute(this::goOn);
        }
        return done;
    }

    private void goOn() {
        if (starting) {
            return; // the store answered in place: the loop below goes on
        }
        starting = true;
        while (mayStart()) {
            HotBucket next = buckets.get(started++);
            inFlight++;
            loop.fetches.join(
                    version,
                    next.bucket(),
                    next.generation(),
                    loop.metricsOf(version.id()),
                    new Reception(next),
                    loop.nanoTime());
        }
        starting = false;
        if (inFlight == 0) {
            done.complete(null);
        }
    }

    private boolean mayStart() {
        return started < buckets.size()
                && inFlight < IN_FLIGHT_MAX
                && !loop.fetches.isClosed()
                && loop.nanoTime() - deadlineNanos < 0;
    }

    private void received() {
        inFlight--;
        goOn();
    }

    /** Takes one bucket's hot rows out. */
    private final class Reception extends Waiter {
        private final HotBucket hot;

        Reception(HotBucket hot) {
            this.hot = hot;
        }

        @Override
        boolean arrived(ByteBuffer bucket, RowFinder finder) {
            for (RowKey key : hot.keys()) {
                CachedRow row = finder.find(bucket, key.bytes(), key.offset(), key.length());
                if (row == null) {
                    return false;
                }
                loop.cache.putAhead(key, row);
            }
            received();
            return true;
        }

        @Override
        void failed(Reason reason) {
            received();
        }

        @Override
        void retired() {
            received();
        }

        @Override
        void expired() {
            throw new AssertionError("a prefetch has no deadline of its own in the wheel");
        }
    }
}
