package io.penstock.store.memory;

import io.penstock.store.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns a step into a completed stage. */
final class Answers {
    private Answers() {}

    static <T extends @Nullable Object> CompletionStage<T> of(Supplier<T> step) {
        try {
            return CompletableFuture.completedFuture(step.get());
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
