package io.penstock.testkit;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.penstock.client.PenstockClient;
import io.penstock.serving.v1.ListDatasetsRequest;
import io.penstock.serving.v1.ServingServiceGrpc;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The kit's channel and client, which outlive the server they are connected to. */
final class KitConnection implements AutoCloseable {
    /** Long enough for a cold JVM on a busy machine; a test of deadlines sets its own. */
    private static final Duration CLIENT_DEADLINE = Duration.ofSeconds(10);

    private static final Duration CONNECT_MAX = Duration.ofSeconds(20);
    private static final long CLOSE_SECONDS_MAX = 5;

    private final String address;
    private final ManagedChannel channel;
    private final PenstockClient client;

    KitConnection(String address) {
        this.address = address;
        // The server's transport, whose classes are loaded already: the client's own would cost a fresh JVM a second
        // copy.
        channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
        client = PenstockClient.builder(channel).deadline(CLIENT_DEADLINE).build();
    }

    /** Begins to connect, whether or not the server listens already. */
    void connect() {
        var unused = channel.getState(true);
    }

    /** The connection to an address: this one if it is this one's, else another, and this one is closed. */
    KitConnection at(String wanted) {
        if (wanted.equals(address)) {
            return this;
        }
        close();
        return new KitConnection(wanted);
    }

    /**
     * Waits until a call reaches the server. The channel may still hold the connection of a server that has ended, and the
     * first call after a test's fault must not be the one to find out.
     */
    void awaitServer() {
        long startNanos = System.nanoTime();
        channel.resetConnectBackoff();
        while (true) {
            try {
                var unused = ServingServiceGrpc.newBlockingStub(channel)
                        .withWaitForReady()
                        .withDeadlineAfter(CONNECT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                        .listDatasets(ListDatasetsRequest.getDefaultInstance());
                return;
            } catch (StatusRuntimeException e) {
                boolean mayPass = e.getStatus().getCode() == Status.Code.UNAVAILABLE;
                if (!mayPass || System.nanoTime() - startNanos > CONNECT_MAX.toNanos()) {
                    throw new KitException(
                            KitException.Code.NOT_READY, "the server cannot be called: " + e.getMessage(), e);
                }
            }
        }
    }

    ManagedChannel channel() {
        return channel;
    }

    PenstockClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
        channel.shutdownNow();
        try {
            var unused = channel.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
