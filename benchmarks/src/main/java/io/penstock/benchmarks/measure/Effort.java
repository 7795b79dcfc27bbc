package io.penstock.benchmarks.measure;

import java.time.Duration;

/**
 * How much is done for a figure.
 *
 * @param rounds of baseline and measurement each
 * @param warmUp of each before the first round, which is not measured
 * @param measured of each in a round
 * @param rows of a dataset that a server answers from
 * @param isQuick the figures show that a benchmark works, and claim nothing
 */
public record Effort(int rounds, Duration warmUp, Duration measured, long rows, boolean isQuick) {
    public static final int DEFAULT_ROUNDS = 5;

    /** What claims are made of. */
    public static final Effort FULL =
            new Effort(DEFAULT_ROUNDS, Duration.ofSeconds(12), Duration.ofSeconds(3), 200_000, false);

    /** Seconds for everything. */
    public static final Effort QUICK = new Effort(1, Duration.ofMillis(200), Duration.ofMillis(400), 5_000, true);

    public Effort {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds: " + rounds + " (expected: >= 1)");
        }
    }

    public Effort withRounds(int newRounds) {
        return new Effort(newRounds, warmUp, measured, rows, isQuick);
    }

    /** This many rows, or few enough for a quick look. */
    public long rows(long full) {
        return isQuick ? Math.min(full, rows) : full;
    }

    /** This long, or short enough for a quick look. */
    public Duration time(Duration full) {
        return isQuick && full.compareTo(measured) > 0 ? measured : full;
    }
}
