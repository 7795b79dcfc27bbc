package io.penstock.client.opentelemetry;

import io.grpc.Metadata;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.penstock.client.RequestHeaders;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Writes the context that a read began in, its trace and its baggage, into all of its requests, those included that other
 * threads send: the later ones of a large batch, retries and hedges.
 *
 * <pre>{@code
 * PenstockClient.builder("penstock:7070").headers(TraceHeaders.of(openTelemetry))
 * }</pre>
 */
public final class TraceHeaders implements RequestHeaders {
    private static final TextMapSetter<Metadata> SETTER = (headers, name, value) -> {
        if (headers != null) {
            Metadata.Key<String> key = Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
            headers.discardAll(key);
            headers.put(key, value);
        }
    };

    private final TextMapPropagator propagator;

    private TraceHeaders(TextMapPropagator propagator) {
        this.propagator = propagator;
    }

    /** Headers as {@code openTelemetry} propagates them: W3C's {@code traceparent}, unless it is set up otherwise. */
    public static TraceHeaders of(OpenTelemetry openTelemetry) {
        return new TraceHeaders(
                Objects.requireNonNull(openTelemetry).getPropagators().getTextMapPropagator());
    }

    @Override
    public Consumer<Metadata> capture() {
        Context context = Context.current();
        return headers -> propagator.inject(context, headers, SETTER);
    }
}
