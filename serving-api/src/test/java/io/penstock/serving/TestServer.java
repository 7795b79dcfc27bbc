package io.penstock.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.testing.StoredVersions;
import io.penstock.serving.testing.VersionDraft;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.store.memory.MemoryStore;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.FaultyStore;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server on a memory store whose faults the test has in hand, and a channel to it. */
public final class TestServer implements AutoCloseable {
    public static final String ITEMS = "items.v1";
    static final ServingConfig CONFIG = ServingConfig.defaults()
            .withNamespaces(List.of("growth", "risk"))
            .withListen("127.0.0.1:0")
            .withHttp("127.0.0.1:0")
            .with("event_loops", "2")
            .with("catalog.poll", "20ms")
            .with("catalog.recheck_interval", "5ms")
            .with("warmup.duration", "0s") // else it would have rows cached that a test wants from the store
            .with("shutdown.lame_duck", "0s");

    public final FaultyStore store = FaultyStore.wrap(new MemoryStore());
    public final StoredVersions growth = StoredVersions.in(store, "growth");
    final StoredVersions risk = StoredVersions.in(store, "risk", 2);
    public final ServingServer server;
    final ManagedChannel channel;
    public final ServingServiceGrpc.ServingServiceBlockingStub stub;

    private TestServer(ServingConfig config) {
        growth.publish(VersionDraft.of(ITEMS).rows(50, "one"));
        risk.publish(VersionDraft.of("scores.v1").rows(5, "one"));
        server = ServingServer.start(config, store);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .build();
        stub = ServingServiceGrpc.newBlockingStub(channel);
    }

    /** Starts one with two namespaces, {@code growth/items.v1} of 50 rows and {@code risk/scores.v1}, and waits for it. */
    public static TestServer start() throws InterruptedException {
        return start(UnaryOperator.identity());
    }

    public static TestServer start(UnaryOperator<ServingConfig> change) throws InterruptedException {
        TestServer started = new TestServer(change.apply(CONFIG));
        if (!started.server.awaitReady(Duration.ofSeconds(20))) {
            started.close();
            throw new AssertionError("not ready within 20 s");
        }
        return started;
    }

    /** Waits until a version is served. */
    public void awaitVersion(String dataset, long number) {
        Await.until("version " + number + " of " + dataset, () -> {
            var served = server.view().dataset(dataset);
            return served != null && served.number() == number;
        });
    }

    /** The metric, as it is scraped. */
    public int lookupsInFlight() {
        Matcher shown = Pattern.compile("(?m)^penstock_lookups_in_flight ([0-9]+)")
                .matcher(Http.get(server.httpPort(), "/metrics").body());
        assertThat(shown.find()).isTrue();
        return Integer.parseInt(shown.group(1));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        store.faults().stop();
        server.close();
        growth.close();
        risk.close();
        store.close();
    }
}
