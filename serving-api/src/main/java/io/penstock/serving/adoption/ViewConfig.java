package io.penstock.serving.adoption;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * How catalogs are followed and versions adopted.
 *
 * @param namespaces what is served; datasets of the first may be named without their namespace
 * @param pollInterval between two looks at a catalog's write id, whatever the store pushes
 * @param maxUnconfirmed how long reads are answered while the catalog cannot be confirmed
 * @param recheckInterval at least this long between two catalog reads that requests asked for
 * @param presenceInterval between two renewals of the presence record
 * @param presenceTtl when the record disappears without one
 * @param prefetchMax how long a flip waits for the hottest rows
 * @param readTimeout how long an adoption waits for one manifest or chunk
 * @param adoptionMax how long one adoption, or the loading of one pinned version, takes before it is given up
 * @param retryMin before the first repetition of an adoption that failed; doubled each time
 * @param retryMax the longest pause between two repetitions
 * @param pinnedVersions how many versions of a dataset requests may pin besides the served and the previous one; the
 *     least recently used makes room
 */
public record ViewConfig(
        List<String> namespaces,
        Duration pollInterval,
        Duration maxUnconfirmed,
        Duration recheckInterval,
        Duration presenceInterval,
        Duration presenceTtl,
        Duration prefetchMax,
        Duration readTimeout,
        Duration adoptionMax,
        Duration retryMin,
        Duration retryMax,
        int pinnedVersions) {
    public ViewConfig {
        namespaces = List.copyOf(namespaces);
        if (namespaces.isEmpty() || new HashSet<>(namespaces).size() != namespaces.size()) {
            throw new IllegalArgumentException("namespaces: " + namespaces + " (expected: at least one, none twice)");
        }
        requirePositive("pollInterval", pollInterval);
        requirePositive("maxUnconfirmed", maxUnconfirmed);
        requirePositive("recheckInterval", recheckInterval);
        requirePositive("presenceInterval", presenceInterval);
        requirePositive("readTimeout", readTimeout);
        requirePositive("adoptionMax", adoptionMax);
        requirePositive("retryMin", retryMin);
        if (presenceTtl.compareTo(presenceInterval.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException(
                    "presenceTtl: " + presenceTtl + " (expected: >= 2 × presenceInterval " + presenceInterval + ")");
        }
        if (prefetchMax.isNegative()) {
            throw new IllegalArgumentException("prefetchMax: " + prefetchMax + " (expected: >= 0)");
        }
        if (retryMax.compareTo(retryMin) < 0) {
            throw new IllegalArgumentException("retryMax: " + retryMax + " (expected: >= retryMin " + retryMin + ")");
        }
        if (pinnedVersions < 0) {
            throw new IllegalArgumentException("pinnedVersions: " + pinnedVersions + " (expected: >= 0)");
        }
    }

    /** The defaults. */
    public static ViewConfig of(List<String> namespaces) {
        return new ViewConfig(
                namespaces,
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                2);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
