package io.penstock.serving.read;

import java.time.Duration;

/**
 * The bounds of the read path. Reaching one is answered with a failure that names it and its setting.
 *
 * @param keyBytes {@code limits.key_bytes}: of one key; beyond it {@code KEY_TOO_LONG}
 * @param batchKeys {@code limits.batch_keys}: of one batch, over all its groups; beyond it {@code TOO_MANY_KEYS}
 * @param fields {@code limits.fields}: numbers in {@code ReadOptions.fields}; beyond it {@code TOO_MANY_FIELDS}
 * @param requestBytes {@code limits.request_bytes}: of one request; beyond it {@code TOO_MANY_KEYS}
 * @param responseBytes {@code limits.response_bytes}: of one answer; rows beyond it are {@code RESPONSE_TOO_LARGE}
 * @param pendingFetches {@code limits.pending_fetches}: buckets one event loop has asked the store for; beyond it
 *     {@code OVERLOADED}
 * @param pendingReads {@code limits.pending_reads}: calls and buckets of batches that wait on one event loop; beyond it
 *     {@code OVERLOADED}
 * @param slowFetch {@code limits.slow_fetch}: while the store takes longer than this, a loop has fewer fetches than {@code
 *     limits.pending_fetches}; see {@link FetchLimit}
 * @param readTime {@code limits.read_time}: of a call that names no deadline or a later one; beyond it {@code
 *     DEADLINE_EXCEEDED}
 */
public record ReadLimits(
        int keyBytes,
        int batchKeys,
        int fields,
        int requestBytes,
        int responseBytes,
        int pendingFetches,
        int pendingReads,
        Duration slowFetch,
        Duration readTime) {
    public static final ReadLimits DEFAULT = new ReadLimits(
            1 << 10, 1_000, 1_000, 256 << 10, 3_584 << 10, 8_192, 65_536, Duration.ofMillis(40), Duration.ofSeconds(5));

    public ReadLimits {
        require("limits.key_bytes", keyBytes, 1, 1 << 10);
        require("limits.batch_keys", batchKeys, 1, 100_000);
        require("limits.fields", fields, 1, 10_000);
        require("limits.request_bytes", requestBytes, 1 << 10, 64 << 20);
        require("limits.response_bytes", responseBytes, 64 << 10, 64 << 20);
        if (responseBytes < 64L * batchKeys) {
            throw new IllegalArgumentException("limits.response_bytes: " + responseBytes
                    + " (expected: at least 64 times limits.batch_keys, " + 64L * batchKeys + ")");
        }
        require("limits.pending_fetches", pendingFetches, 1, 1 << 20);
        require("limits.pending_reads", pendingReads, 1, 1 << 24);
        require("limits.slow_fetch", slowFetch);
        require("limits.read_time", readTime);
    }

    private static void require(String setting, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }

    private static void require(String setting, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofMinutes(5)) > 0) {
            throw new IllegalArgumentException(setting + ": " + value + " (expected: 1ms to 5m)");
        }
    }
}
