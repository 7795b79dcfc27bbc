package io.penstock.client;

import java.time.Duration;

/**
 * Asking a second server when the first is slow to answer. The first answer counts and the other request is cancelled. It
 * makes the slowest reads faster at the price of a few more requests, and needs two servers to be of use.
 *
 * <p>Never more than a share of the reads is asked twice, however slow the servers are, and none is while they refuse
 * reads because they have too many.
 *
 * @param delay how long the first server is waited for; near the p95 of the reads' latency, which the client's meters show.
 *     Above zero
 * @param extraPercentMax how many of a hundred reads may be asked twice, 1 to 100
 */
public record Hedging(Duration delay, int extraPercentMax) {
    /** Few enough not to matter to servers that are slow because they are busy. */
    private static final int EXTRA_PERCENT_MAX = 10;

    private static final int ALL_PERCENT = 100;

    public Hedging {
        if (delay.isNegative() || delay.isZero()) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: > 0)");
        }
        if (extraPercentMax < 1 || extraPercentMax > ALL_PERCENT) {
            throw new IllegalArgumentException("extraPercentMax: " + extraPercentMax + " (expected: 1 to 100)");
        }
    }

    /** Asks a second server after {@code delay}, for at most one read in ten. */
    public static Hedging after(Duration delay) {
        return new Hedging(delay, EXTRA_PERCENT_MAX);
    }
}
