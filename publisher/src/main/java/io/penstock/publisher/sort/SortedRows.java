package io.penstock.publisher.sort;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.RowOperation;
import io.penstock.store.layout.BucketEncoder;

/**
 * Rows in the order (hash unsigned, key bytes unsigned); rows with the same key stand next to each other, in the order
 * of their numbers. Not thread-safe; the accessors answer for the row {@link #next} moved to.
 */
public interface SortedRows extends BucketEncoder.RowBytes, AutoCloseable {
    /**
     * Moves to the next row; false after the last.
     *
     * @throws PublisherException if what was spilled cannot be read back
     */
    boolean next();

    long hash();

    /** What the row does. */
    RowOperation operation();

    /** The number the row was added with. */
    long rowNumber();

    /** The key as a new array. */
    default byte[] key() {
        byte[] key = new byte[keyLength()];
        copyKey(key, 0);
        return key;
    }

    /** The value as a new array. */
    default byte[] value() {
        byte[] value = new byte[valueLength()];
        copyValue(value, 0);
        return value;
    }

    /** Idempotent; the {@link RowSorter} closes it, too. */
    @Override
    void close();
}
