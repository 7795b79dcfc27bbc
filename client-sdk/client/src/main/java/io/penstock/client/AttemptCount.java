package io.penstock.client;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the requests that one call came to. */
final class AttemptCount extends ClientStreamTracer.Factory {
    private static final ClientStreamTracer NOTHING_MORE = new ClientStreamTracer() {};

    private final AtomicInteger attempts = new AtomicInteger();

    @Override
    public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
        attempts.incrementAndGet();
        return NOTHING_MORE;
    }

    int get() {
        return attempts.get();
    }
}
