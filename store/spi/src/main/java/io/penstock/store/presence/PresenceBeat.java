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

    /**
     * Changes the record and writes it; complete once the store has confirmed it. Writes are asked for in the order of
     * their counters, so that an older record never stands in the store after a newer one was confirmed.
     */
    public synchronized CompletionStage<Void> update(UnaryOperator<PresenceRecord> change) {
        if (closed) {
            return CompletableFuture.completedFuture(null);
        }
        record = change.apply(record).toBuilder()
                .setCounter(record.getCounter() + 1)
                .setWrittenAt(timestamp(clock.millis()))
                .build();
        long startedAt = System.nanoTime();
        return presence.put(record, ttl).thenRun(() -> confirmedAtNanos = startedAt);
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
        try {
            update(UnaryOperator.identity());
        } catch (RuntimeException e) {
            // As when the stage fails: it shows in ageNanos, and the next tick tries again. Thrown, it would end the
            // ticks.
        }
    }

    private static Timestamp timestamp(long millis) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(millis, 1000L))
                .setNanos((int) Math.floorMod(millis, 1000L) * 1_000_000)
                .build();
    }

    /** Stops renewing and removes the record; complete once the store has confirmed that. Idempotent. */
    public CompletionStage<Void> end() {
        synchronized (this) {
            if (closed) {
                return CompletableFuture.completedFuture(null);
            }
            closed = true;
        }
        ticks.cancel(false);
        return presence.remove(record().getId());
    }

    /** {@link #end}, without waiting for the store. */
    @Override
    public void close() {
        end();
    }
}
