package io.penstock.benchmarks.sort;

import io.penstock.publisher.RowCursor;
import io.penstock.publisher.sort.SortOptions;

/**
 * What is sorted, and how.
 *
 * @param rows how many, each with a key of its own
 * @param valueBytes bytes of each row's value, random ones: nothing to compress
 * @param sort what the sorter may use
 */
public record SortMemoryOptions(long rows, int valueBytes, SortOptions sort) {
    public static final long DEFAULT_ROWS = 20_000_000;
    public static final int DEFAULT_VALUE_BYTES = 200;

    public SortMemoryOptions {
        if (rows < 1) {
            throw new IllegalArgumentException("rows: " + rows + " (expected: >= 1)");
        }
        if (valueBytes < 0 || valueBytes > RowCursor.VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "valueBytes: " + valueBytes + " (expected: 0 to " + RowCursor.VALUE_BYTES_MAX + ")");
        }
    }

    /** Sorted with the publisher's defaults. */
    public static SortMemoryOptions of(long rows, int valueBytes) {
        return new SortMemoryOptions(rows, valueBytes, SortOptions.defaults());
    }
}
