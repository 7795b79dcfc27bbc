package io.penstock.publisher.slot;

import io.penstock.publisher.stored.Stages;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.Slot;
import io.penstock.store.presence.Presence;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds out whether the holders of slots are alive: only whether a heartbeat's counter moves while it is watched counts,
 * measured by the watcher's own monotonic clock. What is written in a record, its time above all, says nothing.
 */
public final class SilenceWatch {
    private static final Long NOT_THERE = -1L;

    private final Presence presence;
    private final Duration ttl;
    private final Duration interval;

    public SilenceWatch(Presence presence, Duration heartbeatInterval, Duration ttl) {
        this.presence = presence;
        this.ttl = ttl;
        Duration often = heartbeatInterval.dividedBy(2);
        this.interval = often.isZero() ? heartbeatInterval : often;
    }

    /**
     * Watches for one time to live, or until something happens.
     *
     * @param busy what to watch
     * @param present asked again and again which slots there are; the watch ends when a watched one is not among them
     */
    public Result watch(List<Slot> busy, Supplier<List<Slot>> present) {
        Map<String, Long> seenFirst = new HashMap<>();
        long startedAt = System.nanoTime();
        while (true) {
            boolean over = System.nanoTime() - startedAt >= ttl.toNanos();
            Optional<Holder> moved = moved(busy, seenFirst);
            if (moved.isPresent()) {
                return new Result(Outcome.ALIVE, moved);
            }
            if (!generations(present.get()).containsAll(generations(busy))) {
                return new Result(Outcome.CHANGED, Optional.empty());
            }
            if (over) {
                return new Result(Outcome.SILENT, Optional.empty());
            }
            Stages.pause(interval);
        }
    }

    /** What a slot is known by: a publication that records its layout meanwhile still has the same one. */
    private static Set<Long> generations(List<Slot> slots) {
        return slots.stream().map(Slot::getGeneration).collect(Collectors.toSet());
    }

    private Optional<Holder> moved(List<Slot> busy, Map<String, Long> seenFirst) {
        Map<String, PresenceRecord> records = new HashMap<>();
        for (PresenceRecord record : Stages.await(presence.list())) {
            records.put(record.getId(), record);
        }
        for (Slot slot : busy) {
            PresenceRecord record = records.get(slot.getOwner());
            Long counter = record == null ? null : record.getCounter();
            Long first = seenFirst.putIfAbsent(slot.getOwner(), counter == null ? NOT_THERE : counter);
            if (first != null && record != null && !first.equals(counter)) {
                return Optional.of(new Holder(slot, record.getProcess()));
            }
        }
        return Optional.empty();
    }

    /** What was seen. */
    public enum Outcome {
        /** A heartbeat moved. */
        ALIVE,
        /** No heartbeat moved for a whole time to live. */
        SILENT,
        /** A slot was freed, or changed hands. */
        CHANGED
    }

    /**
     * What came of a watch.
     *
     * @param alive with {@code ALIVE} whose heartbeat moved
     */
    public record Result(Outcome outcome, Optional<Holder> alive) {}

    /**
     * A publisher that is alive.
     *
     * @param slot what it holds
     * @param process who it is, for people
     */
    public record Holder(Slot slot, String process) {}
}
