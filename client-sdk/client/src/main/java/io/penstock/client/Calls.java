package io.penstock.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.penstock.client.internal.transport.Route;
import io.penstock.serving.v1.ListDatasetsRequest;
import io.penstock.serving.v1.ListDatasetsResponse;
import io.penstock.serving.v1.ServingServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
        return blocking(method, request, options(deadline), what);
    }

    private CallOptions options(Deadline deadline) {
        return connection.options(deadline).withOption(Route.KEY, new Route());
    }

    /** Calls and waits, with options that the read began with. */
    <Q, A> A blocking(MethodDescriptor<Q, A> method, Q request, CallOptions options, String what) {
        Exchange exchange = new Exchange(connection, method, request, options, what);
        if (connection.hedges(method)) {
            return hedgedBlocking(method, request, exchange);
        }
        try {
            A answer = ClientCalls.blockingUnaryCall(connection.channel(), method, exchange.options(), request);
            exchange.answered(false);
            return answer;
        } catch (StatusRuntimeException e) {
            throw exchange.failed(e, false);
        }
    }

    private <Q, A> A hedgedBlocking(MethodDescriptor<Q, A> method, Q request, Exchange exchange) {
        WaitingThread here = new WaitingThread();
        CompletableFuture<A> result = new CompletableFuture<>();
        HedgedCall<Q, A> call = new HedgedCall<>(
                connection.channel(),
                connection.budget(),
                method,
                request,
                exchange.options().withExecutor(here),
                new HedgedCall.End<>() {
                    @Override
                    public void answered(A answer, boolean hedged) {
                        result.complete(answer);
                    }

                    @Override
                    public void failed(Throwable failure, boolean hedged) {
                        result.completeExceptionally(failure);
                    }
                });
        try {
            call.start();
            long hedgeAtNanos = System.nanoTime() + connection.hedgeDelayNanos();
            boolean mayHedge = true;
            while (!call.isOver()) {
                long waitNanos = mayHedge ? Math.max(0, hedgeAtNanos - System.nanoTime()) : -1;
                if (!here.runNext(waitNanos)) {
                    call.hedge();
                    mayHedge = false;
                }
            }
            A answer = result.join();
            exchange.answered(call.isHedged());
            return answer;
        } catch (InterruptedException e) {
            call.cancel("the waiting thread was interrupted");
            Thread.currentThread().interrupt();
            throw exchange.interrupted(e, call.isHedged());
        } catch (CompletionException e) {
            throw exchange.failed(Objects.requireNonNullElse(e.getCause(), e), call.isHedged());
        } finally {
            here.end();
        }
    }

    /** Asks for next to nothing until a server answers. */
    void awaitAnswer(Duration timeout) {
        String what = "awaitReady";
        ListDatasetsRequest request =
                ListDatasetsRequest.newBuilder().setPageSize(1).build();
        Deadline deadline = Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS);
        MethodDescriptor<ListDatasetsRequest, ListDatasetsResponse> method = ServingServiceGrpc.getListDatasetsMethod();
        try {
            ListDatasetsResponse unused = ClientCalls.blockingUnaryCall(
                    connection.channel(), method, options(deadline).withWaitForReady(), request);
            connection.gotAnswer();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED) {
                // Whoever does not wait for a connection is told why there is none.
                ListDatasetsResponse unused = blocking(method, request, Deadline.after(1, TimeUnit.SECONDS), what);
            } else {
                throw connection.failure(what, e);
            }
        }
    }

    /** Calls; the future holds what {@code read} makes of the answer. Cancelling it cancels the call. */
    <Q, A, R> CompletableFuture<R> async(
            MethodDescriptor<Q, A> method, Q request, Deadline deadline, String what, Function<A, R> read) {
        CompletableFuture<R> result = new CompletableFuture<>();
        Sent call = send(
                method,
                request,
                options(deadline),
                what,
                answer -> result.complete(read.apply(answer)),
                result::completeExceptionally);
        CompletableFuture<R> unused = result.whenComplete((answer, failure) -> {
            if (result.isCancelled()) {
                call.cancel("cancelled by the caller");
            }
        });
        return result;
    }

    /** A call on its way. */
    @FunctionalInterface
    interface Sent {
        void cancel(String why);
    }

    /** Calls; either {@code answered} or {@code failed} hears of it, the latter also if the former throws. */
    <Q, A> Sent send(
            MethodDescriptor<Q, A> method,
            Q request,
            CallOptions options,
            String what,
            Consumer<A> answered,
            Consumer<RuntimeException> failed) {
        Exchange exchange = new Exchange(connection, method, request, options, what);
        if (connection.hedges(method)) {
            return hedgedSend(method, request, exchange, answered, failed);
        }
        ClientCall<Q, A> call = connection.channel().newCall(method, exchange.options());
        ClientCalls.asyncUnaryCall(
                call,
                request,
                new OneAnswer<>(
                        answer -> {
                            exchange.answered(false);
                            hand(answer, answered, failed);
                        },
                        failure -> failed.accept(exchange.failed(failure, false))));
        return why -> call.cancel(why, null);
    }

    private <Q, A> Sent hedgedSend(
            MethodDescriptor<Q, A> method,
            Q request,
            Exchange exchange,
            Consumer<A> answered,
            Consumer<RuntimeException> failed) {
        HedgedCall<Q, A> call = new HedgedCall<>(
                connection.channel(), connection.budget(), method, request, exchange.options(), new HedgedCall.End<>() {
                    @Override
                    public void answered(A answer, boolean hedged) {
                        exchange.answered(hedged);
                        hand(answer, answered, failed);
                    }

                    @Override
                    public void failed(Throwable failure, boolean hedged) {
                        failed.accept(exchange.failed(failure, hedged));
                    }
                });
        call.start();
        // On the JDK's one thread for delays; what it does there is to send a request.
        CompletableFuture.delayedExecutor(connection.hedgeDelayNanos(), TimeUnit.NANOSECONDS, Runnable::run)
                .execute(call::hedge);
        return call::cancel;
    }

    private static <A> void hand(A answer, Consumer<A> answered, Consumer<RuntimeException> failed) {
        try {
            answered.accept(answer);
        } catch (RuntimeException e) {
            failed.accept(e);
        }
    }
}
