package io.penstock.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The highest revision that was seen of each dataset, by the name it was asked for. Thread-safe. */
final class SeenRevisions {
    private final Map<String, Long> revisions = new ConcurrentHashMap<>();

    void saw(String dataset, long revision) {
        // Most answers bring nothing new; a plain read spares them the lock of merge.
        if (revision > highest(dataset)) {
            revisions.merge(dataset, revision, Math::max);
        }
    }

    long highest(String dataset) {
        return revisions.getOrDefault(dataset, 0L);
    }

    /** A version asked for by its number is wanted however old it is; everything else must not be older than seen. */
    ReadOptions atLeast(String dataset, ReadOptions options) {
        long highest = highest(dataset);
        return options.version() != 0 || options.minRevision() >= highest ? options : options.withMinRevision(highest);
    }

    Map<String, Long> toMap() {
        return Map.copyOf(revisions);
    }
}
