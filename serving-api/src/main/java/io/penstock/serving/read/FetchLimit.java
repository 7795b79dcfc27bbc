package io.penstock.serving.read;

import com.netflix.concurrency.limits.limit.AIMDLimit;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many buckets a loop may have asked the store for: {@code limits.pending_fetches} while the store is quick, fewer
 * while its answers take longer than {@code limits.slow_fetch}. What a slow store cannot answer is then refused at once
 * instead of waiting for a deadline.
 *
 * <p>Additive increase, multiplicative decrease, told of one answer a turn that asked. Algorithms that compare round
 * trips with one another would take a turn of a thousand buckets for a slow store: its answer takes many times that of
 * a turn of one. Written by its loop; the present limit is read by whoever asks.
 */
final class FetchLimit {
    /** A store that is slow is asked for so many all the same: their answers are how its recovery is seen. */
    static final int FETCHES_MIN = 128;

    private static final double BACKOFF = 0.9;

    private final AIMDLimit limit;

    /** The last turn an answer was taken from. */
    private long sampledTurn = -1;

    FetchLimit(int fetchesMax, Duration slow) {
        limit = AIMDLimit.newBuilder()
                .initialLimit(fetchesMax)
                .minLimit(Math.min(FETCHES_MIN, fetchesMax))
                .maxLimit(fetchesMax)
                .backoffRatio(BACKOFF)
                .timeout(slow.toNanos(), TimeUnit.NANOSECONDS)
                .build();
    }

    int fetches() {
        return limit.getLimit();
    }

    /** The store answered a fetch of a turn; only the first of a turn counts. */
    void answered(long turn, long askedAtNanos, long nanos, int fetchesInFlight) {
        if (turn != sampledTurn) {
            sampledTurn = turn;
            limit.onSample(askedAtNanos, nanos, fetchesInFlight, false);
        }
    }

    /** A fetch of a turn was given up. */
    void givenUp(long turn, long askedAtNanos, long nanos, int fetchesInFlight) {
        if (turn != sampledTurn) {
            sampledTurn = turn;
            limit.onSample(askedAtNanos, nanos, fetchesInFlight, true);
        }
    }
}
