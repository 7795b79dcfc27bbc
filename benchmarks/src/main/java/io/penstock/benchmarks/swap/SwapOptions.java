package io.penstock.benchmarks.swap;

import io.penstock.benchmarks.data.SyntheticData;
import java.time.Duration;

/**
 * How versions alternate.
 *
 * @param callsPerSecond of the constant load
 * @param changedShare of the rows that differ from one version to the next
 * @param every how far publications begin apart, at least
 */
public record SwapOptions(double callsPerSecond, double changedShare, Duration every) {
    public static final SwapOptions DEFAULTS =
            new SwapOptions(10_000, SyntheticData.DEFAULT_CHANGED_SHARE, Duration.ofSeconds(8));

    public SwapOptions {
        if (!(callsPerSecond > 0)) {
            throw new IllegalArgumentException("rate: " + callsPerSecond + " (expected: > 0)");
        }
        if (!(changedShare > 0 && changedShare <= 1)) {
            throw new IllegalArgumentException("changed: " + changedShare + " (expected: > 0, at most 1)");
        }
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException("every: " + every + " (expected: > 0)");
        }
    }
}
