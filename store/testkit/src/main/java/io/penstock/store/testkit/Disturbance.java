package io.penstock.store.testkit;

import io.penstock.store.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What each {@link Fault} does to an operation. */
final class Disturbance {
    private Disturbance() {}

    /** Disturbs an operation that answers with a stage. */
    static <T extends @Nullable Object> CompletionStage<T> async(
            Faults faults, Operation operation, Supplier<? extends CompletionStage<T>> action) {
        return async(
                faults, operation, action, () -> CompletableFuture.failedFuture(failure(Fault.REPLY_LOST, operation)));
    }

    /** @param unknown how the operation says that nobody can know whether it happened */
    static <T extends @Nullable Object> CompletionStage<T> async(
            Faults faults,
            Operation operation,
            Supplier<? extends CompletionStage<T>> action,
            Supplier<? extends CompletionStage<T>> unknown) {
        Fault fault = faults.begin(operation);
        if (fault == null) {
            return action.get();
        }
        return switch (fault) {
            case UNREACHABLE, OVERLOADED, FULL, UNSAFE -> CompletableFuture.failedFuture(failure(fault, operation));
            case REQUEST_LOST -> unknown.get();
            case REPLY_LOST -> action.get().handle((value, error) -> true).thenCompose(done -> unknown.get());
            case DELAYED -> {
                faults.hold(() -> pass(action.get(), new CompletableFuture<>())); // nobody hears the answer
                yield unknown.get();
            }
            case FROZEN -> {
                CompletableFuture<T> answer = new CompletableFuture<>();
                faults.hold(() -> pass(action.get(), answer));
                yield answer;
            }
            case SLOW -> {
                CompletableFuture<T> answer = new CompletableFuture<>();
                CompletionStage<T> real = action.get();
                faults.hold(() -> pass(real, answer));
                yield answer;
            }
        };
    }

    /** Disturbs an operation that blocks. */
    static <T> T blocking(Faults faults, Operation operation, Supplier<T> action) {
        return Await.stage(async(faults, operation, () -> {
            try {
                return CompletableFuture.completedFuture(action.get());
            } catch (StoreException e) {
                return CompletableFuture.failedFuture(e);
            }
        }));
    }

    static StoreException failure(Fault fault, Operation operation) {
        StoreException.Code code = switch (fault) {
            case FULL -> StoreException.Code.FULL;
            case OVERLOADED -> StoreException.Code.OVERLOADED;
            case UNSAFE -> StoreException.Code.UNSAFE;
            case UNREACHABLE, REQUEST_LOST, REPLY_LOST, DELAYED, FROZEN, SLOW -> StoreException.Code.UNREACHABLE;
        };
        return new StoreException(code, operation + " hit by the injected fault " + fault);
    }

    private static <T extends @Nullable Object> void pass(CompletionStage<T> from, CompletableFuture<T> to) {
        from.whenComplete((value, error) -> {
            if (error != null) {
                to.completeExceptionally(error);
            } else {
                to.complete(value);
            }
        });
    }
}
