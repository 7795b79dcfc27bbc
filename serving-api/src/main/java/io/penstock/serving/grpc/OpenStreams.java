package io.penstock.serving.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Knows the calls that would never end by themselves (watches), so that a server that drains ends them instead of
 * waiting for them.
 */
final class OpenStreams implements ServerInterceptor {
    private static final Status DRAINING =
            Status.UNAVAILABLE.withDescription("the server is shutting down; call another one, or again later");

    /** Written by the threads that start and end calls, read by the one that drains. */
    private final Set<OpenCall<?, ?>> open = ConcurrentHashMap.newKeySet();

    private volatile boolean draining;

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
            return next.startCall(call, headers);
        }
        OpenCall<Q, R> watched = new OpenCall<>(call);
        open.add(watched);
        if (draining) {
            watched.close(DRAINING, new Metadata());
        }
        return new SimpleForwardingServerCallListener<>(next.startCall(watched, headers)) {
            @Override
            public void onCancel() {
                open.remove(watched);
                super.onCancel();
            }

            @Override
            public void onComplete() {
                open.remove(watched);
                super.onComplete();
            }
        };
    }

    /** Ends all of them, and those that come later. */
    void drain() {
        draining = true;
        for (OpenCall<?, ?> call : open) {
            call.close(DRAINING, new Metadata());
        }
    }

    int count() {
        return open.size();
    }

    /** A call that may be ended while its service is writing to it: what comes after the end is dropped. */
    private static final class OpenCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
        private boolean closed;

        OpenCall(ServerCall<Q, R> call) {
            super(call);
        }

        @Override
        public synchronized void sendHeaders(Metadata headers) {
            if (!closed) {
                super.sendHeaders(headers);
            }
        }

        @Override
        public synchronized void sendMessage(R message) {
            if (!closed) {
                super.sendMessage(message);
            }
        }

        @Override
        public synchronized void close(Status status, Metadata trailers) {
            if (!closed) {
                closed = true;
                super.close(status, trailers);
            }
        }
    }
}
