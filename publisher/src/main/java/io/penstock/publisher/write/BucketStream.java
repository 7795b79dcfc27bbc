package io.penstock.publisher.write;

import io.penstock.publisher.sort.SortedRows;
import io.penstock.store.layout.BucketEncoder;
import io.penstock.store.layout.BucketLayout;

/**
 * Rows in (hash, key) order as a stream of buckets; holds one bucket. Refuses duplicate keys and buckets that are too
 * large. Not thread-safe.
 */
public final class BucketStream {
    private final SortedRows rows;
    private final BucketLayout layout;
    private final RowLimits limits;
    private final KeyOrder order;
    private final BucketEncoder encoder = new BucketEncoder();

    // The row the cursor stands on belongs to the next bucket, unless it has ended.
    private boolean ended;

    private int bucket = -1;
    private byte[] body = {};
    private int bucketRows;
    private long rowsTotal;

    public BucketStream(SortedRows rows, BucketLayout layout, RowLimits limits) {
        this.rows = rows;
        this.layout = layout;
        this.limits = limits;
        this.order = new KeyOrder(limits);
        this.ended = !rows.next();
    }

    /** The number of the bucket {@link #next} would move to, or −1 after the last. */
    public int peekBucket() {
        return ended ? -1 : layout.bucketOf(rows.hash());
    }

    /** Moves to the next bucket that has rows; false after the last. */
    public boolean next() {
        if (ended) {
            return false;
        }
        bucket = layout.bucketOf(rows.hash());
        bucketRows = 0;
        do {
            order.next(rows);
            add();
            ended = !rows.next();
        } while (!ended && layout.bucketOf(rows.hash()) == bucket);
        body = encoder.finish();
        return true;
    }

    private void add() {
        encoder.add(rows);
        if (encoder.rowBytes() > BucketEncoder.BODY_BYTES_MAX) {
            throw limits.bucketTooLarge(rows.key(), rows.rowNumber());
        }
        bucketRows++;
        rowsTotal++;
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
