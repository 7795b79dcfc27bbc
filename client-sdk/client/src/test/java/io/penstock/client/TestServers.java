package io.penstock.client;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.penstock.serving.v1.ListDatasetsResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Several servers on loopback ports, each with a {@link FakeServer} behind it and a health of its own. */
final class TestServers implements AutoCloseable {
    static final String DATASET = "orders.v1";

    private final List<One> servers = new ArrayList<>();

    /** One of the servers. */
    static final class One implements AutoCloseable {
        final FakeServer fake = new FakeServer();
        final HealthStatusManager health = new HealthStatusManager();
        final List<Metadata> headers = new CopyOnWriteArrayList<>();
        private final ServerCredentials credentials;
        private final int port;
        private Server server;

        One(ServerCredentials credentials) {
            this.credentials = credentials;
            fake.serve(DATASET, 1);
            fake.list = request -> ListDatasetsResponse.getDefaultInstance();
            server = start(0);
            port = server.getPort();
        }

        private Server start(int port) {
            try {
                return Grpc.newServerBuilderForPort(port, credentials)
                        .addService(fake)
                        .addService(health.getHealthService())
                        .intercept(new ServerInterceptor() {
                            @Override
                            public <Q, A> ServerCall.Listener<Q> interceptCall(
                                    ServerCall<Q, A> call, Metadata sent, ServerCallHandler<Q, A> next) {
                                if (!call.getMethodDescriptor()
                                        .getFullMethodName()
                                        .startsWith("grpc.health")) {
                                    headers.add(sent);
                                }
                                return next.startCall(call, sent);
                            }
                        })
                        .build()
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int port() {
            return port;
        }

        String address() {
            return "127.0.0.1:" + port(); // "localhost" may be two addresses, and so two servers
        }

        int gets() {
            return fake.gets.size();
        }

        void says(ServingStatus status) {
            health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        }

        /** Ends it at once; calls on it are cut off. */
        void kill() {
            server.shutdownNow();
            awaitEnd();
        }

        void restart() {
            server = start(port);
        }

        private void awaitEnd() {
            try {
                if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the server does not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            kill();
            fake.close();
        }
    }

    static TestServers start(int count) {
        TestServers all = new TestServers();
        for (int i = 0; i < count; i++) {
            all.servers.add(new One(InsecureServerCredentials.create()));
        }
        return all;
    }

    One get(int index) {
        return servers.get(index);
    }

    /** All of them, as a list. */
    String target() {
        return servers.stream().map(One::address).collect(Collectors.joining(","));
    }

    /** A client of all of them whose reads may take long. */
    PenstockClientBuilder client() {
        return PenstockClient.builder(target()).deadline(Duration.ofSeconds(20));
    }

    /** Reads until each of these servers has been asked. */
    void awaitAsked(PenstockClient client, One... wanted) {
        long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        for (One each : wanted) {
            int before = each.gets();
            while (each.gets() == before) {
                client.get(DATASET, "a");
                if (System.nanoTime() - untilNanos > 0) {
                    throw new AssertionError("a server is never asked");
                }
            }
        }
    }

    @Override
    public void close() {
        servers.forEach(One::close);
    }
}
