package io.penstock.serving.read;

import io.penstock.serving.v1.Reason;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Who waits for a bucket: a call, a bucket's share of a batch, or a prefetch. Confined to its loop. */
abstract class Waiter extends Deadline {
    /** What it waits for; null while it waits for nothing. Written by {@link Fetch}. */
    @Nullable
    Fetch fetch;

    @Nullable
    Waiter before;

    @Nullable
    Waiter after;

    /**
     * The bucket is there. It waits for nothing any more, unless it says that the bucket is malformed.
     *
     * @param bucket its seal is right; valid during this call
     * @return whether the bucket made sense
     */
    abstract boolean arrived(ByteBuffer bucket, RowFinder finder);

    /** Waits no longer, and wants nothing any more. */
    final void leave() {
        if (fetch != null) {
            fetch.remove(this);
        }
    }

    /** Waits no longer, but would have the bucket's rows cached. What comes of it is of no interest. */
    final void expire() {
        if (fetch != null) {
            fetch.expire(this);
        }
    }

    /** The bucket cannot be had. It waits for nothing any more. */
    abstract void failed(Reason reason);

    /** The version it is read from is not kept any more and there is another view. It waits for nothing any more. */
    abstract void retired();
}
