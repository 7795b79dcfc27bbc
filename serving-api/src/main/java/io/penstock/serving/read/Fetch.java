package io.penstock.serving.read;

import io.penstock.serving.read.ReadMetrics.ForDataset;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.CatalogChecks;
import io.penstock.serving.view.DatasetView;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.blob.Seal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One bucket on its way, and all of its loop that wait for it; steps 4 and 5 of the read path, and hot. Confined to its
 * loop.
 *
 * <p>A missing or bad bucket gets a second look, one for all who wait: a strong read of it first, <em>then</em> the
 * catalog. The other way round a version could be retired between the two and an honest absence be called a loss.
 */
final class Fetch implements BlobCallback {
    private final BucketFetches fetches;
    private final DatasetView view;
    private final int bucket;
    private final BlobAddress address;
    private final ForDataset metrics;

    private @Nullable Waiter first;
    private @Nullable Waiter last;
    private Consistency consistency = Consistency.NEAREST;
    private Reason problem = Reason.REASON_UNSPECIFIED;
    private long turn;
    private long askedAtNanos;
    private long giveUpAtNanos;
    private boolean isForCacheOnly;
    private boolean ended;

    Fetch(BucketFetches fetches, DatasetView view, int bucket, BlobAddress address, ForDataset metrics) {
        this.fetches = fetches;
        this.view = view;
        this.bucket = bucket;
        this.address = address;
        this.metrics = metrics;
    }

    BlobAddress address() {
        return address;
    }

    boolean hasEnded() {
        return ended;
    }

    Consistency consistency() {
        return consistency;
    }

    void asked(long inTurn, long nowNanos) {
        turn = inTurn;
        askedAtNanos = nowNanos;
    }

    void boundAt(long newGiveUpAtNanos) {
        giveUpAtNanos = newGiveUpAtNanos;
    }

    long giveUpAtNanos() {
        return giveUpAtNanos;
    }

    void add(Waiter waiter) {
        isForCacheOnly = false;
        waiter.fetch = this;
        waiter.before = last;
        waiter.after = null;
        if (last == null) {
            first = waiter;
        } else {
            last.after = waiter;
        }
        last = waiter;
        fetches.waiting(1);
    }

    /** Lets a waiter go; the fetch goes on for the others. */
    void remove(Waiter waiter) {
        if (waiter.before == null) {
            first = waiter.after;
        } else {
            waiter.before.after = waiter.after;
        }
        if (waiter.after == null) {
            last = waiter.before;
        } else {
            waiter.after.before = waiter.before;
        }
        waiter.before = null;
        waiter.after = null;
        waiter.fetch = null;
        fetches.waiting(-1);
    }

    /**
     * A waiter's deadline has passed. The last one stays, to have its rows cached: otherwise a store slower than its
     * callers' deadlines would never warm the cache.
     */
    void expire(Waiter waiter) {
        if (first == waiter && last == waiter) {
            isForCacheOnly = true;
        } else {
            remove(waiter);
        }
    }

    @Override
    public void found(ByteBuffer sealed) {
        if (!takesAnswer()) {
            return;
        }
        answered(sealed.remaining());
        if (!Seal.verify(sealed, address.keyNameBytes())) {
            lookAgain(Reason.REASON_BUCKET_CORRUPT);
            return;
        }
        end();
        RowFinder finder = fetches.finder();
        for (Waiter waiter = first; waiter != null; waiter = first) {
            remove(waiter);
            finder.turnTo(this);
            if (!waiter.arrived(sealed, finder)) {
                boolean wasForCacheOnly = isForCacheOnly;
                add(waiter);
                isForCacheOnly = wasForCacheOnly;
                ended = false;
                fetches.resume(this);
                lookAgain(Reason.REASON_BUCKET_CORRUPT);
                return;
            }
        }
        finder.done();
    }

    @Override
    public void missing() {
        if (!takesAnswer()) {
            return;
        }
        answered(-1);
        lookAgain(Reason.REASON_BUCKET_LOST);
    }

    private void answered(int bytes) {
        long nanos = fetches.nanoTime() - askedAtNanos;
        fetches.limit().answered(turn, nanos);
        metrics.fetched(bytes, nanos);
    }

    @Override
    public void failed(StoreException error) {
        if (!takesAnswer()) {
            return;
        }
        metrics.fetchFailed();
        boolean overloaded = error.code() == StoreException.Code.OVERLOADED;
        fail(overloaded ? Reason.REASON_OVERLOADED : Reason.REASON_STORE_UNREACHABLE);
    }

    /** The store owes an answer for too long: whoever asks next asks anew. */
    void giveUp() {
        if (ended) {
            return;
        }
        fetches.limit().givenUp(turn);
        metrics.fetchFailed();
        fail(Reason.REASON_STORE_UNREACHABLE);
    }

    private boolean takesAnswer() {
        return !ended;
    }

    private void lookAgain(Reason found) {
        problem = found;
        if (first == null || isForCacheOnly) {
            fail(found); // whoever waited is gone: it is not worth a command
        } else if (consistency == Consistency.NEAREST) {
            consistency = Consistency.STRONG;
            fetches.ask(this, fetches.nanoTime());
        } else {
            fetches.recheck(this, view);
        }
    }

    /** The catalog's half of the second look is there. */
    void judge(CatalogChecks.Verdict verdict) {
        if (ended) {
            return;
        }
        metrics.secondLook(problem, verdict.outcome() == CatalogChecks.Outcome.KEPT);
        switch (verdict.outcome()) {
            case KEPT -> {
                fetches.lost(view.id(), address.generation(), bucket);
                fail(problem);
            }
            case MOVED -> {
                end();
                for (Waiter waiter = first; waiter != null; waiter = first) {
                    remove(waiter);
                    waiter.retired();
                }
            }
            case UNAVAILABLE -> fail(verdict.reason());
        }
    }

    private void fail(Reason reason) {
        end();
        for (Waiter waiter = first; waiter != null; waiter = first) {
            remove(waiter);
            waiter.failed(reason);
        }
    }

    private void end() {
        ended = true;
        fetches.ended(this);
    }
}
