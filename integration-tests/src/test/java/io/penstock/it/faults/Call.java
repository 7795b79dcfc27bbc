package io.penstock.it.faults;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.ServingServiceGrpc;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One {@code Get} whose deadline goes to the server without being kept by the client: the server's own is seen. */
final class Call extends ClientCall.Listener<GetResponse> {
    private static final Metadata.Key<String> TIMEOUT =
            Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER);

    private final ClientCall<GetRequest, GetResponse> call;
    private final End end;
    private @Nullable GetResponse response;
    private volatile boolean cancelled;

    private Call(ClientCall<GetRequest, GetResponse> call, End end) {
        this.call = call;
        this.end = end;
    }

    /** Told what came of a call, on the connection's thread. */
    @FunctionalInterface
    interface End {
        /**
         * Called once.
         *
         * @param how {@link Tally#FOUND} with the response, whatever it says; or status and reason, without one
         */
        void ended(String how, @Nullable GetResponse response);
    }

    /**
     * Starts a call.
     *
     * @param timeout as gRPC writes it: {@code 200m}
     */
    static Call start(Channel channel, GetRequest request, String timeout, End end) {
        Call started = new Call(channel.newCall(ServingServiceGrpc.getGetMethod(), CallOptions.DEFAULT), end);
        Metadata headers = new Metadata();
        headers.put(TIMEOUT, timeout);
        started.call.start(started, headers);
        started.call.sendMessage(request);
        started.call.halfClose();
        started.call.request(2);
        return started;
    }

    /** Calls, and completes with how it ended once it has. */
    static CompletableFuture<String> end(Channel channel, GetRequest request, String timeout) {
        CompletableFuture<String> ended = new CompletableFuture<>();
        start(channel, request, timeout, (how, response) -> ended.complete(how));
        return ended;
    }

    void cancel() {
        cancelled = true;
        call.cancel("the caller wants it no more", null);
    }

    @Override
    public void onMessage(GetResponse message) {
        response = message;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (status.isOk()) {
            end.ended(Tally.FOUND, response);
        } else if (status.getCode() == Status.Code.CANCELLED && !cancelled) {
            end.ended(Statuses.DEADLINE_EXCEEDED, null); // gRPC's own timer was faster and reset the stream
        } else {
            end.ended(Statuses.describe(status, trailers), null);
        }
    }
}
