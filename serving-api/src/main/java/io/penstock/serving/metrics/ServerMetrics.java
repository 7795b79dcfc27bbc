package io.penstock.serving.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.penstock.serving.grpc.GrpcEndpoint;
import io.penstock.serving.read.ReadPaths;
import io.penstock.serving.read.cache.NearCache;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;

/** Shows the figures of the server as a whole. */
public final class ServerMetrics {
    private final MeterRegistry registry;
    private final NearCache cache;
    private final GrpcEndpoint grpc;
    private final ReadPaths paths;
    private final BooleanSupplier ready;
    private final BooleanSupplier storeUnsafe;

    public ServerMetrics(
            MeterRegistry registry,
            NearCache cache,
            GrpcEndpoint grpc,
            ReadPaths paths,
            BooleanSupplier ready,
            BooleanSupplier storeUnsafe) {
        this.registry = registry;
        this.cache = cache;
        this.grpc = grpc;
        this.paths = paths;
        this.ready = ready;
        this.storeUnsafe = storeUnsafe;
    }

    public void register() {
        Gauge.builder(MetricNames.READY, ready, supplier -> supplier.getAsBoolean() ? 1 : 0)
                .description("1 when the server calls itself ready")
                .strongReference(true) // nobody else keeps the supplier
                .register(registry);
        Gauge.builder(MetricNames.STORE_UNSAFE, storeUnsafe, supplier -> supplier.getAsBoolean() ? 1 : 0)
                .description("1 when the store is configured so that it may lose data")
                .strongReference(true)
                .register(registry);
        Gauge.builder(MetricNames.CACHE_BYTES, cache, NearCache::bytes)
                .description("Memory the near cache has in use")
                .register(registry);
        Gauge.builder(MetricNames.CACHE_ROWS, cache, NearCache::rows)
                .description("Rows and absences in the near cache")
                .register(registry);
        Gauge.builder(MetricNames.CACHE_BYTES_MAX, cache, NearCache::bytesMax)
                .description("Memory the near cache may use (cache.max_bytes)")
                .register(registry);
        Gauge.builder(MetricNames.CONNECTIONS, grpc, GrpcEndpoint::openConnections)
                .description("Open connections")
                .register(registry);
        Gauge.builder(MetricNames.STREAMS, grpc, GrpcEndpoint::openStreams)
                .description("Open watches of datasets and of health, and reflection")
                .register(registry);
        Gauge.builder(MetricNames.FETCH_LIMIT, paths, ReadPaths::fetchLimit)
                .description("The fewest buckets an event loop may have asked the store for at present")
                .register(registry);
        Gauge.builder(MetricNames.IN_FLIGHT, grpc, GrpcEndpoint::lookupsInFlight)
                .description("Lookups that wait for the store")
                .register(registry);
        refusals("connections", GrpcEndpoint::refusedConnections);
        refusals("admin_calls", GrpcEndpoint::refusedCalls);
    }

    private void refusals(String what, ToDoubleFunction<GrpcEndpoint> count) {
        FunctionCounter.builder(MetricNames.REFUSALS, grpc, count)
                .description("What was refused at the door because there was too much of it")
                .tag(MetricNames.LABEL_WHAT, what)
                .register(registry);
    }
}
