package io.penstock.store.lmdb;

import io.penstock.store.StoreException;
import java.util.concurrent.CompletableFuture;

/**
 * Something to be written. A long one takes several transactions: each {@link #step} goes on where the last committed one
 * ended. All methods are called by the writer thread.
 */
abstract class Write<T> {
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /** Completes on the writer thread, after the commit. */
    final CompletableFuture<T> result() {
        return result;
    }

    /** Writes until it is done, which it says by true, or the transaction is spent. */
    abstract boolean step(WriteTransaction transaction);

    /** Whether it must survive a power failure before it is confirmed, and not only once the next barrier is through. */
    boolean isDurable() {
        return false;
    }

    /** What was stepped stands. */
    void committed() {}

    /** What was stepped since the last {@link #committed} was undone. */
    void rolledBack() {}

    /** What it was for; called after the last commit. */
    abstract T value();

    /** The commit failed in a way that leaves open whether it happened. */
    void unknown(StoreException error) {
        fail(error);
    }

    final void complete() {
        complete(value());
    }

    final void complete(T value) {
        result.complete(value);
    }

    final void fail(StoreException error) {
        result.completeExceptionally(error);
    }
}
