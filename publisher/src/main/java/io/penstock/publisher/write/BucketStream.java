package io.penstock.publisher.write;

import io.penstock.publisher.sort.SortedRows;
import io.penstock.store.layout.BucketEncoder;
import io.penstock.store.layout.BucketLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows in (hash, key) order as a stream of buckets; holds one bucket. Refuses duplicate keys and buckets that are too
 * large. Not thread-safe.
 */
public final class BucketStream {
    private final SortedRows rows;
    private final BucketLayout layout;
    private final RowLimits limits;
    private final BucketEncoder encoder = new BucketEncoder();

    // The row that was read but belongs to a later bucket; none when rowKey is null.
    private byte @Nullable [] rowKey;
    private byte[] rowValue = {};
    private long rowHash;
    private long rowNumber;

    private int bucket = -1;
    private byte[] body = {};
    private int bucketRows;
    private long rowsTotal;

    public BucketStream(SortedRows rows, BucketLayout layout, RowLimits limits) {
        this.rows = rows;
        this.layout = layout;
        this.limits = limits;
        readRow();
    }

    /** The number of the bucket {@link #next} would move to, or −1 after the last. */
    public int peekBucket() {
        return rowKey == null ? -1 : layout.bucketOf(rowHash);
    }

    /** Moves to the next bucket that has rows; false after the last. */
    public boolean next() {
        if (rowKey == null) {
            return false;
        }
        bucket = layout.bucketOf(rowHash);
        bucketRows = 0;
        while (rowKey != null && layout.bucketOf(rowHash) == bucket) {
            byte[] key = rowKey;
            encoder.add(key, rowValue);
            bucketRows++;
            if (encoder.rowBytes() > BucketEncoder.BODY_BYTES_MAX) {
                throw limits.bucketTooLarge(key, rowNumber);
            }
            long hash = rowHash;
            long number = rowNumber;
            readRow();
            requireOrder(key, hash, number);
        }
        body = encoder.finish();
        rowsTotal += bucketRows;
        return true;
    }

    private void readRow() {
        if (!rows.next()) {
            rowKey = null;
            return;
        }
        rowHash = rows.hash();
        rowKey = rows.key();
        rowValue = rows.value();
        rowNumber = rows.rowNumber();
    }

    private void requireOrder(byte[] keyBefore, long hashBefore, long numberBefore) {
        byte[] key = rowKey;
        if (key == null) {
            return;
        }
        int order = Long.compareUnsigned(hashBefore, rowHash);
        if (order == 0) {
            order = Arrays.compareUnsigned(keyBefore, key);
        }
        if (order == 0) {
            throw limits.duplicate(key, numberBefore, rowNumber);
        }
        if (order > 0) {
            throw new IllegalStateException("rows " + numberBefore + " and " + rowNumber + " are out of order");
        }
    }

    public int bucket() {
        return bucket;
    }

    /** The bucket's body. Not a copy; nobody changes it any more. */
    public byte[] body() {
        return body;
    }

    /** Rows of the bucket. */
    public int rows() {
        return bucketRows;
    }

    /** Rows of all buckets so far. */
    public long rowsTotal() {
        return rowsTotal;
    }
}
