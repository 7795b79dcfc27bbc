package io.penstock.benchmarks.scale;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far it goes.
 *
 * @param rowsMax the largest dataset
 * @param isEveryStep whether each power of ten between is measured, too
 * @param storeUrl a store to use and keep, so that its datasets are published only once; null = a Redis of its own
 */
public record ScaleOptions(
        long rowsMax, boolean isEveryStep, @Nullable String storeUrl) {
    public static final long ROWS_MIN = 10_000;
    public static final long DEFAULT_ROWS_MAX = 10_000_000;

    private static final long STEP = 10;

    public ScaleOptions {
        if (rowsMax <= ROWS_MIN || rowsMax > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "max rows: " + rowsMax + " (expected: more than " + ROWS_MIN + ", at most 2147483647)");
        }
    }

    /** Numbers of rows to compare with the least, ascending. */
    List<Long> steps() {
        List<Long> steps = new ArrayList<>();
        for (long rows = ROWS_MIN * STEP; isEveryStep && rows < rowsMax; rows *= STEP) {
            steps.add(rows);
        }
        steps.add(rowsMax);
        return steps;
    }
}
