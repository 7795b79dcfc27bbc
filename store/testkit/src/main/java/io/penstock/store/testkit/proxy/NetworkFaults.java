package io.penstock.store.testkit.proxy;

import java.time.Duration;

/**
 * What is wrong with the network at present, but for what strikes once.
 *
 * @param bytesPerSecond in each direction, 0 = unlimited
 * @param sliceBytes the most bytes that leave at a time, 0 = unlimited
 */
record NetworkFaults(
        long delayNanos,
        long jitterNanos,
        long bytesPerSecond,
        int sliceBytes,
        boolean isBlackHole,
        boolean isDroppingReplies) {
    static final NetworkFaults NONE = new NetworkFaults(0, 0, 0, 0, false, false);

    NetworkFaults withDelay(Duration mean, Duration jitter) {
        if (mean.isNegative() || jitter.isNegative() || jitter.compareTo(mean) > 0) {
            throw new IllegalArgumentException("delay: " + mean + " ± " + jitter + " (expected: >= 0)");
        }
        return new NetworkFaults(
                mean.toNanos(), jitter.toNanos(), bytesPerSecond, sliceBytes, isBlackHole, isDroppingReplies);
    }

    NetworkFaults withBytesPerSecond(long limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("bytesPerSecond: " + limit + " (expected: > 0)");
        }
        return new NetworkFaults(delayNanos, jitterNanos, limit, sliceBytes, isBlackHole, isDroppingReplies);
    }

    NetworkFaults withSliceBytes(int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("slice: " + limit + " (expected: > 0)");
        }
        return new NetworkFaults(delayNanos, jitterNanos, bytesPerSecond, limit, isBlackHole, isDroppingReplies);
    }

    NetworkFaults withBlackHole() {
        return new NetworkFaults(delayNanos, jitterNanos, bytesPerSecond, sliceBytes, true, isDroppingReplies);
    }

    NetworkFaults withDroppedReplies() {
        return new NetworkFaults(delayNanos, jitterNanos, bytesPerSecond, sliceBytes, isBlackHole, true);
    }
}
