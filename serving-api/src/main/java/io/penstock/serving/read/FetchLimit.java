package io.penstock.serving.read;

import java.time.Duration;

/**
 * How many buckets a loop may have asked the store for: {@code limits.pending_fetches} while the store is quick, fewer
 * while its answers take longer than {@code limits.slow_fetch}. What a slow store cannot answer is then refused at once
 * instead of waiting for a deadline.
 *
 * <p>Told of one answer a turn that asked: a slow one takes a tenth off, a quick one adds a hundredth, whatever was in
 * flight. So one turn in twelve may be slow (a pause, a fork of the store) and the limit stays near where it is, and a store that is
 * well again is asked for everything after a few hundred turns, however few callers there are. Algorithms that compare round
 * trips with one another would take a turn of a thousand buckets for a slow store: its answer takes many times that of
 * a turn of one. Written by its loop; the present limit is read by whoever asks.
 */
final class FetchLimit {
    /** A store that is slow is asked for so many all the same: their answers are how its recovery is seen. */
    static final int FETCHES_MIN = 128;

    private static final double BACKOFF = 0.9;
    private static final int GROWTH_DIVISOR = 100;

    private final int fetchesMin;
    private final int fetchesMax;
    private final long slowNanos;
    private volatile int limit;

    /** The last turn an answer was taken from. */
    private long sampledTurn = -1;

    FetchLimit(int fetchesMax, Duration slow) {
        this.fetchesMin = Math.min(FETCHES_MIN, fetchesMax);
        this.fetchesMax = fetchesMax;
        this.slowNanos = slow.toNanos();
        this.limit = fetchesMax;
    }

    int fetches() {
        return limit;
    }

    /** The store answered a fetch of a turn; only the first of a turn counts. */
    void answered(long turn, long nanos) {
        if (turn != sampledTurn) {
            sampledTurn = turn;
            if (nanos > slowNanos) {
                shrink();
            } else if (limit < fetchesMax) {
                limit = Math.min(fetchesMax, limit + 1 + limit / GROWTH_DIVISOR);
            }
        }
    }

    /** A fetch of a turn was given up. */
    void givenUp(long turn) {
        if (turn != sampledTurn) {
            sampledTurn = turn;
            shrink();
        }
    }

    private void shrink() {
        limit = Math.max(fetchesMin, (int) (limit * BACKOFF));
    }
}
