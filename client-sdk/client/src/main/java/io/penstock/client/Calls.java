package io.penstock.client;

import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes calls, each under a deadline, and turns their failures into ours. Thread-safe. */
final class Calls {
    /** Of calls that no contract says anything about, and the shortest before the first answer. */
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    /** How often its contract's p99 a read may take. */
    private static final long P99S = 10;

    /** The shortest deadline that follows from a contract. */
    private static final Duration CONTRACT_DEADLINE_MIN = Duration.ofMillis(100);

    private final Connection connection;
    private final @Nullable Duration chosen;

    /** @param chosen the caller's deadline; null: what the contracts say */
    Calls(Connection connection, @Nullable Duration chosen) {
        if (chosen != null && (chosen.isNegative() || chosen.isZero())) {
            throw new IllegalArgumentException("deadline: " + chosen + " (expected: > 0)");
        }
        this.connection = connection;
        this.chosen = chosen;
    }

    Calls withDeadline(Duration deadline) {
        return new Calls(connection, deadline);
    }

    Connection connection() {
        return connection;
    }

    /** The deadline of a call about no one's rows that starts now. */
    Deadline deadline() {
        return after(chosen == null ? DEADLINE : chosen);
    }

    /** The deadline of a read that starts now, of a dataset with this latency budget. */
    Deadline deadline(Optional<Duration> p99) {
        return after(chosen == null ? ofContract(p99, connection.hasAnswered()) : chosen);
    }

    /**
     * The deadline of a batch that starts now.
     *
     * @param rounds how often answers have to come before others can be asked for
     */
    Deadline deadline(List<Batch.Part<?>> parts, int rounds) {
        if (chosen != null) {
            return after(chosen);
        }
        Duration longest = Duration.ZERO;
        for (Batch.Part<?> part : parts) {
            Duration deadline = ofContract(part.p99(), connection.hasAnswered());
            longest = deadline.compareTo(longest) > 0 ? deadline : longest;
        }
        return after(longest.multipliedBy(rounds));
    }

    /** @param connected whether the client has had an answer; before, it connects and loads classes */
    static Duration ofContract(Optional<Duration> p99, boolean connected) {
        if (p99.isEmpty()) {
            return DEADLINE;
        }
        Duration allowed = p99.get().multipliedBy(P99S);
        Duration least = connected ? CONTRACT_DEADLINE_MIN : DEADLINE;
        return allowed.compareTo(least) > 0 ? allowed : least;
    }

    private static Deadline after(Duration duration) {
        return Deadline.after(TimeUnit.NANOSECONDS.convert(duration), TimeUnit.NANOSECONDS);
    }

    /** Calls and waits. The answer is read on this thread: no hop, no other thread to be short of. */
    <Q, A> A blocking(MethodDescriptor<Q, A> method, Q request, Deadline deadline, String what) {
        try {
            A answer = ClientCalls.blockingUnaryCall(
                    connection.channel(), method, connection.options().withDeadline(deadline), request);
            connection.gotAnswer();
            return answer;
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
        Consumer<A> noted = answer -> {
            connection.gotAnswer();
            answered.accept(answer);
        };
        ClientCalls.asyncUnaryCall(call, request, new Answer<>(what, noted, failed));
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
