package io.penstock.testkit;

import io.penstock.serving.ServingException;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.view.DatasetView;
import io.penstock.store.Store;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The kit's server, which can be ended and started again at the same address, so that whoever was told the address need
 * not be told another. Confined to the kit's lock.
 */
final class RunningServer implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofSeconds(20);
    private static final long LOOK_NANOS = 500_000;

    /** How long the address may be somebody else's: a connection that happened to be given its port. */
    private static final Duration REBIND_MAX = Duration.ofSeconds(5);

    private static final int ANY_PORT = 0;

    private final ServingConfig config;
    private int port = freePort();
    private boolean wasUp;
    private @Nullable ServingServer server;

    RunningServer(Map<String, String> settings) {
        config = ServingConfig.defaults()
                .withHttp("none")
                .with(Map.of(
                        "event_loops", "1",
                        "catalog.poll", "20ms",
                        "catalog.recheck_interval", "1ms",
                        "cache.max_bytes", "0", // so that every read meets the store, and its faults
                        "warmup.duration", "0s",
                        "shutdown.lame_duck", "0s",
                        "shutdown.grace", "0s"))
                .with(settings);
    }

    /** A port that nobody has; somebody may take it before the server does. */
    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(ANY_PORT, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new KitException(KitException.Code.NOT_READY, "no port is free on loopback: " + e.getMessage(), e);
        }
    }

    boolean isUp() {
        return server != null;
    }

    void start(Store store) {
        server = bind(store);
        port = server.port();
        wasUp = true;
        try {
            if (!server.awaitReady(WAIT_MAX)) {
                throw new KitException(
                        KitException.Code.NOT_READY, "the server is not ready after " + WAIT_MAX.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KitException(KitException.Code.NOT_READY, "interrupted while the server started", e);
        }
    }

    private ServingServer bind(Store store) {
        long startNanos = System.nanoTime();
        while (true) {
            try {
                return ServingServer.start(config.withListen("127.0.0.1:" + port), store);
            } catch (ServingException e) {
                if (port == ANY_PORT || System.nanoTime() - startNanos > REBIND_MAX.toNanos()) {
                    throw new KitException(
                            KitException.Code.NOT_READY, "the server does not start: " + e.getMessage(), e);
                }
                if (!wasUp) {
                    port = ANY_PORT; // nobody depends on the address yet
                } else {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        }
    }

    void stop() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    /** {@code host:port}: where the first start is tried, and where the server is from then on. */
    String address() {
        return "127.0.0.1:" + port;
    }

    /** What is served of a dataset; null if nothing is. */
    @Nullable
    DatasetView served(String dataset) {
        return server == null ? null : server.view().dataset(dataset);
    }

    /** Waits until a dataset is served at a revision or a later one. */
    void awaitRevision(String dataset, long revision) {
        boolean adopted = await(() -> {
            DatasetView view = served(dataset);
            return view != null && view.revision() >= revision;
        });
        if (!adopted) {
            throw new KitException(
                    KitException.Code.NOT_READY,
                    dataset + ": revision " + revision + " is not served after " + WAIT_MAX.toSeconds()
                            + " s; served is " + served(dataset));
        }
    }

    private static boolean await(BooleanSupplier condition) {
        long startNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNanos > WAIT_MAX.toNanos()
                    || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    @Override
    public void close() {
        stop();
    }
}
