package io.penstock.publisher;

import java.time.Duration;

/**
 * How a publisher behaves towards others.
 *
 * @param heartbeatInterval how often it says that it is alive
 * @param heartbeatTtl after how long of silence others take its slot, and it others'; it stops writing by itself when
 *     its last confirmed heartbeat is older
 * @param presenceTtl how long servers' presence records live; a collector waits at least twice as long
 * @param grace how long a version beyond retention stays readable before its blobs are deleted
 * @param adoptionTimeout how long servers are waited for after a commit
 * @param catalogTimeout how long a change of the catalog is tried before its outcome is reported unknown
 * @param readBackBuckets how many written buckets are read back and checked before a commit; {@link #READ_BACK_ALL}
 * @param maxBytesPerSecond how much a publication may write to and read from the store, so that its readers hardly notice;
 *     {@link #UNLIMITED}
 * @param maxInFlight how many blobs may be on their way to or from the store at a time; {@link #IN_FLIGHT_UNLIMITED}
 * @param rewrite writes every bucket, also those that did not change: what is lost is whole again
 * @param showKeys whether error messages may hold keys
 */
public record PublisherOptions(
        Duration heartbeatInterval,
        Duration heartbeatTtl,
        Duration presenceTtl,
        Duration grace,
        Duration adoptionTimeout,
        Duration catalogTimeout,
        int readBackBuckets,
        long maxBytesPerSecond,
        int maxInFlight,
        boolean rewrite,
        boolean showKeys) {
    /** Reads back every bucket that was written. */
    public static final int READ_BACK_ALL = Integer.MAX_VALUE;

    /** As fast as the store takes it. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** As many calls at a time as the publisher has work for. */
    public static final int IN_FLIGHT_UNLIMITED = Integer.MAX_VALUE;

    public static final PublisherOptions DEFAULTS = new PublisherOptions(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            1_000,
            UNLIMITED,
            IN_FLIGHT_UNLIMITED,
            false,
            false);

    public PublisherOptions {
        requirePositive("heartbeatInterval", heartbeatInterval);
        requirePositive("presenceTtl", presenceTtl);
        requirePositive("catalogTimeout", catalogTimeout);
        if (heartbeatTtl.compareTo(heartbeatInterval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException("heartbeatTtl: " + heartbeatTtl
                    + " (expected: >= 2 heartbeat intervals of " + heartbeatInterval + ")");
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace: " + grace + " (expected: >= 0)");
        }
        if (adoptionTimeout.isNegative()) {
            throw new IllegalArgumentException("adoptionTimeout: " + adoptionTimeout + " (expected: >= 0)");
        }
        if (readBackBuckets < 0) {
            throw new IllegalArgumentException("readBackBuckets: " + readBackBuckets + " (expected: >= 0)");
        }
        if (maxBytesPerSecond < 1) {
            throw new IllegalArgumentException("maxBytesPerSecond: " + maxBytesPerSecond + " (expected: > 0)");
        }
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("maxInFlight: " + maxInFlight + " (expected: > 0)");
        }
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }

    public PublisherOptions withHeartbeat(Duration interval, Duration ttl) {
        return new PublisherOptions(
                interval,
                ttl,
                presenceTtl,
                grace,
                adoptionTimeout,
                catalogTimeout,
                readBackBuckets,
                maxBytesPerSecond,
                maxInFlight,
                rewrite,
                showKeys);
    }

    public PublisherOptions withPresenceTtl(Duration ttl) {
        return new PublisherOptions(
                heartbeatInterval,
                heartbeatTtl,
                ttl,
                grace,
                adoptionTimeout,
                catalogTimeout,
                readBackBuckets,
                maxBytesPerSecond,
                maxInFlight,
                rewrite,
                showKeys);
    }

    public PublisherOptions withGrace(Duration newGrace) {
        return new PublisherOptions(
                heartbeatInterval,
                heartbeatTtl,
                presenceTtl,
                newGrace,
                adoptionTimeout,
                catalogTimeout,
                readBackBuckets,
                maxBytesPerSecond,
                maxInFlight,
                rewrite,
                showKeys);
    }

    public PublisherOptions withAdoptionTimeout(Duration timeout) {
        return new PublisherOptions(
                heartbeatInterval,
                heartbeatTtl,
                presenceTtl,
                grace,
                timeout,
                catalogTimeout,
                readBackBuckets,
                maxBytesPerSecond,
                maxInFlight,
                rewrite,
                showKeys);
    }

    public PublisherOptions withCatalogTimeout(Duration timeout) {
        return new PublisherOptions(
                heartbeatInterval,
                heartbeatTtl,
                presenceTtl,
                grace,
                adoptionTimeout,
                timeout,
                readBackBuckets,
                maxBytesPerSecond,
                maxInFlight,
                rewrite,
                showKeys);
    }

    public PublisherOptions withReadBackBuckets(int buckets) {
        return new PublisherOptions(
                heartbeatInterval,
                heartbeatTtl,
                presenceTtl,
                grace,
                adoptionTimeout,
                catalogTimeout,
                buckets,
                maxBytesPerSecond,
                maxInFlight,
                rewrite,
                showKeys);
    }

    public PublisherOptions withMaxBytesPerSecond(long bytes) {
        return new PublisherOptions(
                heartbeatInterval,
                heartbeatTtl,
                presenceTtl,
                grace,
                adoptionTimeout,
                catalogTimeout,
                readBackBuckets,
                bytes,
                maxInFlight,
                rewrite,
                showKeys);
    }

    public PublisherOptions withShowKeys(boolean show) {
        return new PublisherOptions(
                heartbeatInterval,
                heartbeatTtl,
                presenceTtl,
                grace,
                adoptionTimeout,
                catalogTimeout,
                readBackBuckets,
                maxBytesPerSecond,
                maxInFlight,
                rewrite,
                show);
    }

    public PublisherOptions withMaxInFlight(int calls) {
        return new PublisherOptions(
                heartbeatInterval,
                heartbeatTtl,
                presenceTtl,
                grace,
                adoptionTimeout,
                catalogTimeout,
                readBackBuckets,
                maxBytesPerSecond,
                calls,
                rewrite,
                showKeys);
    }

    public PublisherOptions withRewrite(boolean everything) {
        return new PublisherOptions(
                heartbeatInterval,
                heartbeatTtl,
                presenceTtl,
                grace,
                adoptionTimeout,
                catalogTimeout,
                readBackBuckets,
                maxBytesPerSecond,
                maxInFlight,
                everything,
                showKeys);
    }
}
