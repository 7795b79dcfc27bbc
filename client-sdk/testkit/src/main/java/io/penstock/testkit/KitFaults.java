package io.penstock.testkit;

import com.google.protobuf.Message;
import java.time.Duration;

/**
 * What can go wrong, as a service meets it in production. Faults add up and last until {@link PenstockKit#heal}. They are
 * the server's alone: publishing goes on. Thread-safe.
 *
 * <p>The kit's server has no near cache unless a test gives it one ({@code cache.max_bytes}), so that every read of a key
 * whose bucket is not empty meets the store. A key of an empty bucket is absent whatever the store does.
 */
public final class KitFaults {
    private final PenstockKit kit;

    KitFaults(PenstockKit kit) {
        this.kit = kit;
    }

    /** Every read of the store takes so long: look-ups are slow, and end with {@code DEADLINE_EXCEEDED} if it is too long. */
    public void slow(Duration readTime) {
        if (readTime.isNegative() || readTime.isZero()) {
            throw new IllegalArgumentException("readTime: " + readTime + " (expected: > 0)");
        }
        kit.injectSlow(readTime);
    }

    /** The server cannot reach its store: look-ups end with {@code UNAVAILABLE}, {@code STORE_UNREACHABLE}. */
    public void unavailable() {
        kit.injectUnavailable();
    }

    /** The server is gone: connections are refused, calls end with {@code UNAVAILABLE}. Its address stays its own. */
    public void down() {
        kit.injectDown();
    }

    /**
     * The server adopts nothing any more: it goes on with the versions it has, and {@code min_revision} and sessions that saw
     * more get {@code REVISION_NOT_REACHED}. {@link PenstockKit#resumeAdoption} ends this, too.
     */
    public void stale() {
        kit.pauseAdoption();
    }

    /**
     * The bucket of a row, as served now, is missing in the store: its look-ups end with {@code DATA_LOSS}, {@code
     * BUCKET_LOST}, and so do those of other keys in the bucket. The next version that is published heals it.
     *
     * @param row any message with the row's key
     * @throws KitException if nothing of the dataset is served, or the key's bucket is empty
     */
    public void lose(Message row) {
        kit.injectLoss(row);
    }

    /** As {@link #lose}, with one bit wrong instead: {@code BUCKET_CORRUPT}. */
    public void damage(Message row) {
        kit.injectDamage(row);
    }
}
