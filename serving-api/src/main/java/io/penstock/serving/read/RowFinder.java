package io.penstock.serving.read;

import io.penstock.serving.read.cache.CachedRow;
import io.penstock.store.blob.Seal;
import io.penstock.store.layout.BucketScanner;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows in the bucket in hand and copies each value once, however many wait for it; step 5 of the read path, and
 * hot. Confined to its loop.
 */
final class RowFinder {
    private static final byte[] NO_KEY = new byte[0];

    private final BucketScanner scanner = new BucketScanner();
    private @Nullable Fetch fetch;
    private long generation;

    private byte[] lastKey = NO_KEY;
    private int lastOffset;
    private int lastLength;
    private @Nullable CachedRow lastRow;
    private boolean fresh;

    /**
     * Turns to the bucket of a fetch. Called for each who waits for it, because answering one can bring another bucket in
     * between.
     */
    void turnTo(Fetch newFetch) {
        if (fetch == newFetch) {
            return;
        }
        fetch = newFetch;
        generation = newFetch.address().generation();
        lastKey = NO_KEY;
        lastRow = null;
    }

    /** The row under a key, or its absence; null if the bucket makes no sense. */
    @Nullable
    CachedRow find(ByteBuffer bucket, byte[] key, int offset, int length) {
        if (lastRow != null
                && Arrays.equals(key, offset, offset + length, lastKey, lastOffset, lastOffset + lastLength)) {
            fresh = false;
            return lastRow;
        }
        int from = bucket.position();
        int end = bucket.limit() - Seal.BYTES;
        CachedRow row = switch (scanner.find(bucket, from, end, key, offset, length)) {
            case FOUND -> CachedRow.found(generation, value(bucket), scanner.expiresAtMillis());
            case ABSENT -> CachedRow.absent(generation);
            case MALFORMED -> null;
        };
        lastKey = key;
        lastOffset = offset;
        lastLength = length;
        lastRow = row;
        fresh = true;
        return row;
    }

    /** Forgets the bucket. */
    void done() {
        fetch = null;
        lastKey = NO_KEY;
        lastRow = null;
    }

    /** Whether the last row was not found before in this bucket, so that it is worth caching. */
    boolean isFresh() {
        return fresh;
    }

    private byte[] value(ByteBuffer bucket) {
        byte[] value = new byte[scanner.valueLength()];
        bucket.get(scanner.valueOffset(), value);
        return value;
    }
}
