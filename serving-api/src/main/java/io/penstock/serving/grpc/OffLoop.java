package io.penstock.serving.grpc;

import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.read.Failure;
import io.penstock.serving.read.ReadFailures;
import io.penstock.serving.v1.Reason;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves a service's calls from the event loop to an executor, at most so many at a time. gRPC has a hook for that
 * ({@code callExecutor}), but setting it costs every call of the server the fast path of the direct executor, and a
 * refused task of it ends the connection; here it ends the call, with a reason.
 */
final class OffLoop implements ServerInterceptor {
    private final Executor executor;
    private final Runnable refused;
    private final Places calls;
    private final Places streams;

    /** @param refused run for each call that is refused */
    OffLoop(Executor executor, ServingConfig.Limits limits, Runnable refused) {
        this.executor = executor;
        this.refused = refused;
        this.calls = new Places("limits.admin_calls", limits.adminCalls());
        this.streams = new Places("limits.watches", limits.watches());
    }

    /** How many calls of a kind there may be at a time. */
    private static final class Places {
        private final Semaphore free;
        private final Failure refusal;

        Places(String setting, int max) {
            free = new Semaphore(max);
            refusal = new Failure(
                    Reason.REASON_OVERLOADED,
                    ReadFailures.code(Reason.REASON_OVERLOADED),
                    "more than " + max + " such calls at a time (" + setting + "); try another server or later",
                    setting,
                    max);
        }
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        Places places = call.getMethodDescriptor().getType().serverSendsOneMessage() ? calls : streams;
        if (!places.free.tryAcquire()) {
            refused.run();
            call.close(Failures.status(places.refusal), Failures.trailers(places.refusal));
            return new ServerCall.Listener<>() {};
        }
        Moved<Q> moved = new Moved<>(MoreExecutors.newSequentialExecutor(executor), Context.current(), places.free);
        moved.start(() -> next.startCall(call, headers));
        return moved;
    }

    /** Hands a call's events over in their order. The delegate is touched by the executor's tasks only. */
    private static final class Moved<Q> extends ServerCall.Listener<Q> {
        private final Executor sequential;
        private final Context context;
        private final Semaphore permits;
        private ServerCall.@Nullable Listener<Q> delegate;

        Moved(Executor sequential, Context context, Semaphore permits) {
            this.sequential = sequential;
            this.context = context;
            this.permits = permits;
        }

        void start(Supplier<ServerCall.Listener<Q>> starting) {
            Runnable task = () -> delegate = starting.get();
            sequential.execute(context.wrap(task));
        }

        private void hand(Consumer<ServerCall.Listener<Q>> event) {
            sequential.execute(context.wrap(() -> deliver(event)));
        }

        /** Hands a call's last event over; its place is taken until none of its tasks is left. */
        private void handLast(Consumer<ServerCall.Listener<Q>> event) {
            sequential.execute(context.wrap(() -> {
                try {
                    deliver(event);
                } finally {
                    permits.release();
                }
            }));
        }

        private void deliver(Consumer<ServerCall.Listener<Q>> event) {
            ServerCall.Listener<Q> started = delegate;
            if (started != null) {
                event.accept(started);
            }
        }

        @Override
        public void onMessage(Q message) {
            hand(listener -> listener.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            hand(ServerCall.Listener::onHalfClose);
        }

        @Override
        public void onReady() {
            hand(ServerCall.Listener::onReady);
        }

        @Override
        public void onCancel() {
            handLast(ServerCall.Listener::onCancel);
        }

        @Override
        public void onComplete() {
            handLast(ServerCall.Listener::onComplete);
        }
    }
}
