package io.penstock.publisher.stored;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** Waits for the store's answers, so that an interrupt ends the publication. */
public final class Stages {
    private Stages() {}

    /**
     * The stage's value.
     *
     * @throws io.penstock.store.StoreException as the store failed
     * @throws PublisherException if the thread is interrupted
     */
    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("failed with " + e.getCause(), e);
        }
    }

    /** Waits a little before something is looked at again. */
    public static void pause(Duration howLong) {
        LockSupport.parkNanos(howLong.toNanos());
        checkInterrupted();
    }

    /**
     * For work that waits for nothing.
     *
     * @throws PublisherException if the thread is interrupted
     */
    public static void checkInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
    }

    /** Takes permits, however long it takes until they are there. */
    public static void acquire(Semaphore permits, int count) {
        try {
            permits.acquire(count);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    private static PublisherException interrupted() {
        return new PublisherException(
                Category.UNAVAILABLE, "INTERRUPTED", "interrupted before it was done; run it again");
    }
}
