package io.penstock.client;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes what a read captured into the headers of each of its requests. */
final class HeaderWriter implements ClientInterceptor {
    static final CallOptions.Key<Consumer<Metadata>> CAPTURED = CallOptions.Key.create("penstock-headers");

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        @Nullable Consumer<Metadata> captured = options.getOption(CAPTURED);
        ClientCall<Q, A> call = next.newCall(method, options);
        if (captured == null) {
            return call;
        }
        return new SimpleForwardingClientCall<>(call) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                captured.accept(headers);
                super.start(listener, headers);
            }
        };
    }
}
