package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.penstock.it.TestData;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.view.DatasetView;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A server in this JVM, with a store of its own, and channels to it. */
final class Served implements AutoCloseable {
    private static final Duration READY_MAX = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Map<String, String> SETTINGS = Map.of(
            "namespaces", PublishedData.NAMESPACE,
            "listen", "127.0.0.1:0",
            "http", "127.0.0.1:0",
            "event_loops", "2",
            "catalog.poll", "100ms",
            "catalog.recheck_interval", "20ms",
            "presence.interval", "200ms",
            "presence.ttl", "2s",
            "warmup.duration", "0s", // a warm row would survive what is done to its bucket
            "shutdown.lame_duck", "0s");

    private final Store store;
    private final ServingServer server;
    private final List<ManagedChannel> channels = new ArrayList<>();

    private Served(Store store, ServingServer server) {
        this.store = store;
        this.server = server;
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param settings such as {@code limits.pending_fetches=512}
     */
    static Served start(String storeUrl, String... settings) {
        Served served = startUnready(storeUrl, settings);
        try {
            assertThat(served.server.awaitReady(READY_MAX)).as("ready").isTrue();
            return served;
        } catch (InterruptedException | AssertionError e) {
            served.close();
            throw new AssertionError(e);
        }
    }

    /** Starts a server that may never become ready. */
    static Served startUnready(String storeUrl, String... settings) {
        Map<String, String> all = new LinkedHashMap<>(SETTINGS);
        all.put("store", storeUrl);
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            all.put(parts[0], parts[1]);
        }
        Store store = Stores.open(storeUrl, false);
        try {
            return new Served(
                    store, ServingServer.start(ServingConfig.defaults().with(all), store));
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    ServingServer server() {
        return server;
    }

    /** A connection of its own; closed with the server. */
    ManagedChannel newChannel() {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                .directExecutor()
                .build();
        channels.add(channel);
        return channel;
    }

    /** Waits until it serves a revision of the dataset. */
    void awaitRevision(TestData data, long revision) {
        Await.until("revision " + revision + " of " + data.dataset(), () -> {
            DatasetView view = server.view().dataset(data.dataset());
            return view != null && view.revision() == revision;
        });
    }

    /**
     * The sum of a metric's samples.
     *
     * @param name as {@code /metrics} shows it
     * @param labels such as {@code reason="BUCKET_LOST"}; samples that have all of them count
     */
    double metric(String name, String... labels) {
        double sum = 0;
        for (String line : metrics().split("\n", -1)) {
            boolean isOf = line.startsWith(name + "{") || line.startsWith(name + " ");
            for (String label : labels) {
                isOf &= line.contains(label);
            }
            if (isOf) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return sum;
    }

    /**
     * The share of a histogram's samples above a bound; NaN without samples.
     *
     * @param le the bound as {@code /metrics} writes it
     */
    double shareAbove(String histogram, String le) {
        double all = metric(histogram + "_count");
        return (all - metric(histogram + "_bucket", "le=\"" + le + "\"")) / all;
    }

    String metrics() {
        return page("/metrics");
    }

    /** A page of its HTTP port. */
    String page(String path) {
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.httpPort() + path);
            return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        server.close();
        store.close();
    }
}
