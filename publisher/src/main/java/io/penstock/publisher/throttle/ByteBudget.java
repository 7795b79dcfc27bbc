package io.penstock.publisher.throttle;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A token bucket of bytes. Who spends may go into debt, by what it writes at once, and who comes next waits until it is paid:
 * so that may be larger than what an instant allows, and what was read is charged once its size is known. What is not
 * used for a while is not saved up: after a pause the store gets no burst. Thread-safe.
 */
public final class ByteBudget {
    /** What may be spent at once after a pause, in time: short enough that nobody waits behind it. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final double bytesPerNano;
    private final double burstBytes;
    private final LongSupplier nanoClock;
    private final Sleeper sleeper;

    // Guarded by this. Negative: a debt.
    private double bytesLeft;
    private long refilledAtNanos;

    /** Waits; throws whatever ends the publication if it is interrupted. */
    public interface Sleeper {
        void sleepNanos(long nanos);
    }

    public ByteBudget(long bytesPerSecond, LongSupplier nanoClock, Sleeper sleeper) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond: " + bytesPerSecond + " (expected: > 0)");
        }
        this.bytesPerNano = bytesPerSecond / (double) TimeUnit.SECONDS.toNanos(1);
        this.burstBytes = bytesPerNano * BURST_NANOS;
        this.nanoClock = nanoClock;
        this.sleeper = sleeper;
        this.refilledAtNanos = nanoClock.getAsLong();
    }

    /** Waits until there is no debt, and spends. */
    public void spend(long bytes) {
        await();
        charge(bytes);
    }

    /** Waits until there is no debt. */
    public void await() {
        for (long wait = debtNanos(); wait > 0; wait = debtNanos()) {
            sleeper.sleepNanos(wait);
        }
    }

    /** Spends without waiting. */
    public synchronized void charge(long bytes) {
        refill();
        bytesLeft -= bytes;
    }

    private synchronized long debtNanos() {
        refill();
        return bytesLeft >= 0 ? 0 : (long) Math.ceil(-bytesLeft / bytesPerNano);
    }

    private void refill() {
        long now = nanoClock.getAsLong();
        bytesLeft = Math.min(burstBytes, bytesLeft + (now - refilledAtNanos) * bytesPerNano);
        refilledAtNanos = now;
    }
}
