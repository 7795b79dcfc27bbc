package io.penstock.store.testkit;

import io.penstock.store.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bounded waits of tests. */
public final class Await {
    /** The longest a test waits for anything. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(5);

    private Await() {}

    /**
     * Waits for a stage and returns what it is completed with.
     *
     * @throws StoreException if it is completed with one
     * @throws AssertionError after {@link #LIMIT}
     */
    public static <T extends @Nullable Object> T stage(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException store) {
                throw store;
            }
            throw new AssertionError("completed with " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("not complete within " + LIMIT, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** The code an operation fails with, whether it throws or its stage does. */
    public static StoreException.Code failure(Supplier<? extends CompletionStage<?>> operation) {
        try {
            stage(operation.get());
        } catch (StoreException e) {
            return e.code();
        }
        throw new AssertionError("succeeded (expected: a StoreException)");
    }

    /** Waits until a condition holds, looking every few milliseconds. */
    public static void until(String what, BooleanSupplier condition) {
        until(what, condition, () -> LockSupport.parkNanos(POLL.toNanos()));
    }

    /** Waits until a condition holds; {@code between} passes the time between two looks. */
    public static void until(String what, BooleanSupplier condition, Runnable between) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("not within " + LIMIT + ": " + what);
            }
            between.run();
        }
    }
}
