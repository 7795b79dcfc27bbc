package io.penstock.publisher.sort;

import io.penstock.publisher.PublisherException;

/**
 * Rows in the order (hash unsigned, key bytes unsigned); rows with the same key stand next to each other, in the order
 * they were added. Not thread-safe; the arrays are the caller's to keep.
 */
public interface SortedRows extends AutoCloseable {
    /**
     * Moves to the next row; false after the last.
     *
     * @throws PublisherException if what was spilled cannot be read back
     */
    boolean next();

    long hash();

    byte[] key();

    byte[] value();

    /** The number the row was added with. */
    long rowNumber();

    /** Idempotent; the {@link RowSorter} closes it, too. */
    @Override
    void close();
}
