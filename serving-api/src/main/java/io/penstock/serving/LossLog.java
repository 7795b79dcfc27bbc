package io.penstock.serving;

import io.penstock.serving.v1.Reason;
import io.penstock.store.Remedies;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator about lost and damaged buckets, once a dataset and interval however many lookups meet them. Event
 * loops only count; the lines are written by who calls {@link #write}.
 */
final class LossLog {
    private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);

    private final Map<Case, LongAdder> counts = new ConcurrentHashMap<>();

    private record Case(String dataset, Reason reason) {}

    /** Counts a lookup that failed with DATA_LOSS. Any thread; rare. */
    void lost(String dataset, Reason reason) {
        counts.computeIfAbsent(new Case(dataset, reason), unused -> new LongAdder())
                .increment();
    }

    /** Writes what was counted since the last call. */
    void write() {
        counts.forEach((found, count) -> {
            long lookups = count.sumThenReset();
            if (lookups > 0) {
                LOG.atWarn()
                        .addKeyValue("dataset", found.dataset())
                        .addKeyValue("reason", found.reason().name().replace("REASON_", ""))
                        .addKeyValue("lookups", lookups)
                        .log("buckets lost or damaged in the store; " + Remedies.LOST_DATA);
            }
        });
    }
}
