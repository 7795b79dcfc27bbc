package io.penstock.publisher.write;

import io.penstock.publisher.stored.Stages;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Spreads a publication over time, so that readers of the same store and machine do not feel it: whoever moved bytes waits
 * until they were due at the allowed rate. What was not used for a tenth of a second is lost. Not thread-safe.
 */
public final class Throttle {
    /** As a rate: no limit. */
    public static final long UNLIMITED = 0;

    private static final long BURST_NANOS = Duration.ofMillis(100).toNanos();

    /** Shorter waits cost more than they spread. */
    private static final long PAUSE_NANOS_MIN = Duration.ofMillis(1).toNanos();

    private static final double NANOS_A_SECOND = 1e9;

    private final double nanosPerByte;
    private final LongSupplier nanoTime;
    private final Consumer<Duration> pause;

    private long dueNanos;

    Throttle(long bytesPerSecond, LongSupplier nanoTime, Consumer<Duration> pause) {
        this.nanosPerByte = bytesPerSecond == UNLIMITED ? 0 : NANOS_A_SECOND / bytesPerSecond;
        this.nanoTime = nanoTime;
        this.pause = pause;
        this.dueNanos = nanoTime.getAsLong();
    }

    /**
     * Makes one for a publication.
     *
     * @param bytesPerSecond or {@link #UNLIMITED}
     */
    public static Throttle of(long bytesPerSecond) {
        return new Throttle(bytesPerSecond, System::nanoTime, Stages::pause);
    }

    /** Waits until so many bytes may have moved; an interrupt ends the publication. */
    public void moved(long bytes) {
        if (nanosPerByte == 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        if (now - dueNanos > BURST_NANOS) {
            dueNanos = now - BURST_NANOS;
        }
        dueNanos += (long) (bytes * nanosPerByte);
        if (dueNanos - now >= PAUSE_NANOS_MIN) {
            pause.accept(Duration.ofNanos(dueNanos - now));
        }
    }
}
