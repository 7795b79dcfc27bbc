package io.penstock.store.presence;

import com.google.protobuf.Timestamp;
import io.penstock.storage.v1.PresenceRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Keeps one presence record alive: it is renewed at every interval with its counter one higher, and at once when it
 * changes. Thread-safe; nothing blocks.
 */
public final class PresenceBeat implements AutoCloseable {
    private final Presence presence;
    private final InstantSource clock;
    private final Duration ttl;
    private final ScheduledFuture<?> ticks;

    // Guarded by this. What stands in the store is at most one renewal behind.
    private PresenceRecord record;
    private boolean closed;

    /** System.nanoTime() at the start of the last renewal the store confirmed. Written by the store's threads. */
    private volatile long confirmedAtNanos;

    private PresenceBeat(
            Presence presence,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            PresenceRecord first,
            Duration interval,
            Duration ttl) {
        this.presence = presence;
        this.clock = clock;
        this.record = first;
        this.ttl = ttl;
        this.confirmedAtNanos = System.nanoTime() - ttl.toNanos();
        this.ticks =
                scheduler.scheduleAtFixedRate(this::tick, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Starts to renew {@code first} every {@code interval}; call {@link #update} to write it for the first time. */
    public static PresenceBeat start(
            Presence presence,
            ScheduledExecutorService scheduler,
            InstantSource clock,
            PresenceRecord first,
            Duration interval,
            Duration ttl) {
        return new PresenceBeat(presence, scheduler, clock, first, interval, ttl);
    }

    /** Changes the record and writes it; complete once the store has confirmed it. */
    public CompletionStage<Void> update(UnaryOperator<PresenceRecord> change) {
        PresenceRecord next;
        synchronized (this) {
            if (closed) {
                return CompletableFuture.completedFuture(null);
            }
            PresenceRecord changed = change.apply(record);
            record = changed.toBuilder()
                    .setCounter(record.getCounter() + 1)
                    .setWrittenAt(timestamp(clock.millis()))
                    .build();
            next = record;
        }
        long startedAt = System.nanoTime();
        return presence.put(next, ttl).thenRun(() -> confirmedAtNanos = startedAt);
    }

    /** How long ago the last confirmed renewal began, in nanoseconds of this process's monotonic clock. */
    public long ageNanos() {
        return System.nanoTime() - confirmedAtNanos;
    }

    /** The record as it was last written or is about to be. */
    public synchronized PresenceRecord record() {
        return record;
    }

    private void tick() {
        update(UnaryOperator.identity()); // a failure shows in ageNanos, and the next tick tries again
    }

    private static Timestamp timestamp(long millis) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(millis, 1000L))
                .setNanos((int) Math.floorMod(millis, 1000L) * 1_000_000)
                .build();
    }

    /** Stops renewing and removes the record. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        ticks.cancel(false);
        presence.remove(record().getId());
    }
}
