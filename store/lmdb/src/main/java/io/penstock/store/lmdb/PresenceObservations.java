package io.penstock.store.lmdb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * When this process first saw each presence record as it is. LMDB has no expiry, and clocks of several processes are not
 * compared: a record whose stamp has not moved for its time to live on our own monotonic clock is dead to us.
 *
 * <p>Shared by all presence of an environment, so that a new handle does not start to watch from nothing. Thread-safe.
 */
final class PresenceObservations {
    private final LongSupplier nanoClock;

    /** By key name. Guarded by this. */
    private final Map<String, Observation> observations = new HashMap<>();

    PresenceObservations(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Notes that a record has this stamp now, and says whether it is alive. */
    synchronized boolean observe(String keyName, long stamp, long ttlNanos) {
        long now = nanoClock.getAsLong();
        Observation seen = observations.get(keyName);
        if (seen == null || seen.stamp != stamp) {
            observations.put(keyName, new Observation(stamp, now, false));
            return true;
        }
        if (seen.isDead || now - seen.sinceNanos < ttlNanos) {
            return !seen.isDead;
        }
        observations.put(keyName, new Observation(stamp, seen.sinceNanos, true));
        return false;
    }

    /** Forgets the records under a prefix that are not there any more. */
    synchronized void retain(String prefix, Set<String> present) {
        observations.keySet().removeIf(keyName -> keyName.startsWith(prefix) && !present.contains(keyName));
    }

    /** The records under a prefix that were found dead, with the stamps they had. */
    synchronized List<Dead> dead(String prefix) {
        return observations.entrySet().stream()
                .filter(entry -> entry.getValue().isDead && entry.getKey().startsWith(prefix))
                .map(entry -> new Dead(entry.getKey(), entry.getValue().stamp))
                .toList();
    }

    private record Observation(long stamp, long sinceNanos, boolean isDead) {}

    record Dead(String keyName, long stamp) {}
}
