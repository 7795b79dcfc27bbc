package io.penstock.publisher.sort;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.RowMark;

/**
 * Takes rows in any order and gives them back ordered by (hash unsigned, key bytes unsigned), in memory that does not
 * grow with their number: what does not fit is spilled to disk. Duplicate keys are kept; who reads the sorted rows sees
 * them side by side.
 *
 * <p>Not thread-safe. Closing it, sorted or not, removes every file it made.
 */
public interface RowSorter extends AutoCloseable {
    /**
     * Opens a sorter that spills where the options say.
     *
     * @throws PublisherException if the directory cannot be written
     */
    static RowSorter open(SortOptions options) {
        return MergeSorter.open(options, MergeLimits.of(options.memoryBytes()));
    }

    /**
     * Adds a row. May block while it spills. The arrays may be reused afterwards.
     *
     * @throws PublisherException if there is no space left to spill to
     */
    void add(long hash, byte[] key, byte[] value, RowMark mark, long rowNumber);

    /** Adds a row to be set that has no expiry of its own. */
    default void add(long hash, byte[] key, byte[] value, long rowNumber) {
        add(hash, key, value, RowMark.PLAIN, rowNumber);
    }

    /** How many rows were added. */
    long rows();

    /** Bytes of the keys and values added. */
    long bytes();

    /** Ends adding and starts reading in order. Once only. */
    SortedRows sorted();

    /** Ends everything and removes the spilled files. Idempotent; throws nothing. */
    @Override
    void close();
}
