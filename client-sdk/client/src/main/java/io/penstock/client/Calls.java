package io.penstock.client;

import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes calls, each under a deadline, and turns their failures into ours. Thread-safe. */
final class Calls {
    private final Connection connection;
    private final long deadlineNanos;

    Calls(Connection connection, Duration deadline) {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline: " + deadline + " (expected: > 0)");
        }
        this.connection = connection;
        this.deadlineNanos = TimeUnit.NANOSECONDS.convert(deadline);
    }

    Calls withDeadline(Duration deadline) {
        return new Calls(connection, deadline);
    }

    Connection connection() {
        return connection;
    }

    /** The deadline of a read that starts now. */
    Deadline deadline() {
        return Deadline.after(deadlineNanos, TimeUnit.NANOSECONDS);
    }

    /** Calls and waits. The answer is read on this thread: no hop, no other thread to be short of. */
    <Q, A> A blocking(MethodDescriptor<Q, A> method, Q request, Deadline deadline, String what) {
        try {
            return ClientCalls.blockingUnaryCall(
                    connection.channel(), method, connection.options().withDeadline(deadline), request);
        } catch (StatusRuntimeException e) {
            throw Failures.ofCall(what, e);
        }
    }

    /** Calls; the future holds what {@code read} makes of the answer. Cancelling it cancels the call. */
    <Q, A, R> CompletableFuture<R> async(
            MethodDescriptor<Q, A> method, Q request, Deadline deadline, String what, Function<A, R> read) {
        CompletableFuture<R> result = new CompletableFuture<>();
        ClientCall<Q, A> call = send(
                method,
                request,
                deadline,
                what,
                answer -> result.complete(read.apply(answer)),
                result::completeExceptionally);
        CompletableFuture<R> unused = result.whenComplete((answer, failure) -> {
            if (result.isCancelled()) {
                call.cancel("cancelled by the caller", null);
            }
        });
        return result;
    }

    /** Calls; either {@code answered} or {@code failed} hears of it, the latter also if the former throws. */
    <Q, A> ClientCall<Q, A> send(
            MethodDescriptor<Q, A> method,
            Q request,
            Deadline deadline,
            String what,
            Consumer<A> answered,
            Consumer<RuntimeException> failed) {
        ClientCall<Q, A> call =
                connection.channel().newCall(method, connection.options().withDeadline(deadline));
        ClientCalls.asyncUnaryCall(call, request, new Answer<>(what, answered, failed));
        return call;
    }

    /** Hands on the one answer of a call. gRPC calls it on one thread at a time. */
    private static final class Answer<A> implements StreamObserver<A> {
        private final String what;
        private final Consumer<A> answered;
        private final Consumer<RuntimeException> failed;
        private @Nullable A answer;

        Answer(String what, Consumer<A> answered, Consumer<RuntimeException> failed) {
            this.what = what;
            this.answered = answered;
            this.failed = failed;
        }

        @Override
        public void onNext(A value) {
            answer = value;
        }

        @Override
        public void onError(Throwable failure) {
            failed.accept(Failures.ofCall(what, failure));
        }

        @Override
        public void onCompleted() {
            A received = answer;
            if (received == null) {
                failed.accept(Failures.notUnderstood(what, "the call ended without an answer", null));
                return;
            }
            try {
                answered.accept(received);
            } catch (RuntimeException e) {
                failed.accept(e);
            }
        }
    }
}
