package io.penstock.publisher.collect;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a collector may do.
 *
 * @param grace how long a version is spared after it began to retire
 * @param presenceTtl how long servers' presence records live; the grace is at least twice as long
 * @param sweepNow takes the grace as it is, however short, and forgets abandoned publications at once instead of watching
 *     them for a day; only when nobody reads or publishes
 * @param full lists every blob of the namespace and deletes those of generations nobody knows
 * @param datasets names of the datasets to look at; empty = all
 * @param keep how many versions of each dataset stay; empty = what was retired so far
 * @param abandonSilent watches every slot for one time to live and abandons those whose publishers are silent
 * @param heartbeatInterval of publishers
 * @param heartbeatTtl of publishers
 */
public record GcOptions(
        Duration grace,
        Duration presenceTtl,
        boolean sweepNow,
        boolean full,
        Set<String> datasets,
        OptionalInt keep,
        boolean abandonSilent,
        Duration heartbeatInterval,
        Duration heartbeatTtl) {
    /** As an operator's {@code penstock gc}. */
    public static final GcOptions DEFAULTS = new GcOptions(
            Duration.ofSeconds(60),
            Duration.ofSeconds(15),
            false,
            false,
            Set.of(),
            OptionalInt.empty(),
            true,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10));

    public GcOptions {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace: " + grace + " (expected: >= 0)");
        }
        if (keep.isPresent() && keep.getAsInt() < 1) {
            throw new IllegalArgumentException("keep: " + keep.getAsInt() + " (expected: > 0)");
        }
        datasets = Set.copyOf(datasets);
    }

    /** How long a retiring version is spared. */
    Duration effectiveGrace() {
        Duration least = presenceTtl.multipliedBy(2);
        return sweepNow || grace.compareTo(least) >= 0 ? grace : least;
    }

    public GcOptions withGrace(Duration newGrace) {
        return new GcOptions(
                newGrace, presenceTtl, sweepNow, full, datasets, keep, abandonSilent, heartbeatInterval, heartbeatTtl);
    }

    public GcOptions withPresenceTtl(Duration ttl) {
        return new GcOptions(
                grace, ttl, sweepNow, full, datasets, keep, abandonSilent, heartbeatInterval, heartbeatTtl);
    }

    public GcOptions withSweepNow(boolean now) {
        return new GcOptions(
                grace, presenceTtl, now, full, datasets, keep, abandonSilent, heartbeatInterval, heartbeatTtl);
    }

    public GcOptions withFull(boolean scan) {
        return new GcOptions(
                grace, presenceTtl, sweepNow, scan, datasets, keep, abandonSilent, heartbeatInterval, heartbeatTtl);
    }

    public GcOptions withDatasets(Set<String> names) {
        return new GcOptions(
                grace, presenceTtl, sweepNow, full, names, keep, abandonSilent, heartbeatInterval, heartbeatTtl);
    }

    public GcOptions withKeep(int versions) {
        return new GcOptions(
                grace,
                presenceTtl,
                sweepNow,
                full,
                datasets,
                OptionalInt.of(versions),
                abandonSilent,
                heartbeatInterval,
                heartbeatTtl);
    }

    public GcOptions withAbandonSilent(boolean abandon) {
        return new GcOptions(
                grace, presenceTtl, sweepNow, full, datasets, keep, abandon, heartbeatInterval, heartbeatTtl);
    }

    public GcOptions withHeartbeat(Duration interval, Duration ttl) {
        return new GcOptions(grace, presenceTtl, sweepNow, full, datasets, keep, abandonSilent, interval, ttl);
    }
}
