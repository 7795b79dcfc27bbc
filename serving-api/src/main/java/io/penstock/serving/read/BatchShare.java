package io.penstock.serving.read;

import io.penstock.serving.read.codec.FieldSelection;
import io.penstock.serving.read.codec.RequestOptions;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetView;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The keys of a batch that are in one bucket, waiting for it. Confined to its loop; hot. */
final class BatchShare extends Waiter {
    private final BatchCall call;
    private final DatasetView version;
    private final RequestOptions options;
    private final long[] misses;
    private final int from;
    private final int to;
    private final @Nullable BatchShare nextShare;

    /**
     * @param misses keys in their lower halves
     * @param from the share's first of {@code misses}; {@code to} is after its last
     * @param nextShare the batch's other shares
     */
    BatchShare(
            BatchCall call,
            DatasetView version,
            RequestOptions options,
            long[] misses,
            int from,
            int to,
            @Nullable BatchShare nextShare) {
        this.call = call;
        this.version = version;
        this.options = options;
        this.misses = misses;
        this.from = from;
        this.to = to;
        this.nextShare = nextShare;
    }

    DatasetView version() {
        return version;
    }

    /** Whether its rows may take the place of those that are cached: not if they are of a pinned version. */
    boolean isCacheable() {
        return options.version() == 0;
    }

    /** The fields the caller wants of its rows, or null if all. */
    @Nullable
    FieldSelection fields() {
        return options.fields();
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int key(int index) {
        return (int) misses[index];
    }

    @Nullable
    BatchShare nextShare() {
        return nextShare;
    }

    @Override
    boolean arrived(ByteBuffer bucket, RowFinder finder) {
        return call.arrived(this, bucket, finder);
    }

    @Override
    void failed(Reason reason) {
        call.failed(this, reason);
    }

    @Override
    void retired() {
        call.retired();
    }

    @Override
    void expired() {
        throw new AssertionError("a share has no deadline of its own");
    }
}
