package io.penstock.store.cassandra.servers;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Bounded waits for servers to get somewhere. */
final class Waiting {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long POLL_NANOS = 50_000_000;

    private Waiting() {}

    /** @param state what to say beside {@code what} if it does not come true, such as the log of a server */
    static void until(String what, Supplier<String> state, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new IllegalStateException("not within " + LIMIT + ": " + what + "\n" + state.get());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
