package io.penstock.benchmarks.echo;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.wire.EventLoops;
import io.penstock.benchmarks.wire.RawMethods;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.RowResult;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.VersionInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A bare grpc-java server that answers every look-up with the same bytes: no protobuf work, no interceptors, no thread
 * hop. It is the baseline of every read-path figure, because nothing built on grpc-java can be faster.
 */
public final class EchoServer implements AutoCloseable {
    private static final long CLOSE_SECONDS_MAX = 5;

    private final Server server;
    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;

    private EchoServer(Server server, EventLoopGroup acceptor, EventLoopGroup workers) {
        this.server = server;
        this.acceptor = acceptor;
        this.workers = workers;
    }

    /**
     * Starts to listen.
     *
     * @throws BenchmarkException {@code CANNOT_LISTEN}
     */
    public static EchoServer start(EchoOptions options) {
        return start(options, getResponse(options), batchGetResponse(options));
    }

    /**
     * Starts to listen and answers every look-up with the same bytes, such as another server's answer.
     *
     * @throws BenchmarkException {@code CANNOT_LISTEN}
     */
    public static EchoServer start(EchoOptions options, byte[] answer) {
        return start(options, answer, answer);
    }

    private static EchoServer start(EchoOptions options, byte[] getResponse, byte[] batchGetResponse) {
        EventLoopGroup acceptor = EventLoops.start("echo-acceptor", 1);
        EventLoopGroup workers = EventLoops.start("echo", options.eventLoops());
        ServerServiceDefinition service = ServerServiceDefinition.builder(ServingServiceGrpc.SERVICE_NAME)
                .addMethod(RawMethods.GET, answer(getResponse))
                .addMethod(RawMethods.BATCH_GET, answer(batchGetResponse))
                .build();
        try {
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress(options.host(), options.port()))
                    .directExecutor()
                    .bossEventLoopGroup(acceptor)
                    .workerEventLoopGroup(workers)
                    .channelType(EventLoops.serverChannel())
                    .addService(service)
                    .build()
                    .start();
            return new EchoServer(server, acceptor, workers);
        } catch (IOException e) {
            EventLoops.stop(acceptor);
            EventLoops.stop(workers);
            throw new BenchmarkException(
                    BenchmarkException.Code.CANNOT_LISTEN,
                    "cannot listen on " + options.host() + ":" + options.port() + "; choose another port, or 0",
                    e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Blocks until the server was closed. */
    public void awaitClosed() throws InterruptedException {
        server.awaitTermination();
    }

    private static ServerCallHandler<byte[], byte[]> answer(byte[] response) {
        return (call, headers) -> {
            call.request(2);
            return new Answer(call, response);
        };
    }

    private static byte[] getResponse(EchoOptions options) {
        return GetResponse.newBuilder()
                .setOutcome(Outcome.OUTCOME_FOUND)
                .setValue(value(options))
                .setVersionInfo(versionInfo())
                .setGeneration(1)
                .build()
                .toByteArray();
    }

    private static byte[] batchGetResponse(EchoOptions options) {
        DatasetRows.Builder rows = DatasetRows.newBuilder().setVersionInfo(versionInfo());
        RowResult row = RowResult.newBuilder()
                .setOutcome(Outcome.OUTCOME_FOUND)
                .setValue(value(options))
                .setGeneration(1)
                .build();
        for (int i = 0; i < options.batchRows(); i++) {
            rows.addRows(row);
        }
        return BatchGetResponse.newBuilder().addGroups(rows).build().toByteArray();
    }

    private static ByteString value(EchoOptions options) {
        return ByteString.copyFrom(new byte[options.valueBytes()]);
    }

    private static VersionInfo versionInfo() {
        return VersionInfo.newBuilder()
                .setVersion(1)
                .setRevision(1)
                .setDataAsOf(Timestamp.newBuilder().setSeconds(1_700_000_000))
                .build();
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        EventLoops.stop(acceptor);
        EventLoops.stop(workers);
    }

    private static final class Answer extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final byte[] response;

        Answer(ServerCall<byte[], byte[]> call, byte[] response) {
            this.call = call;
            this.response = response;
        }

        @Override
        public void onHalfClose() {
            call.sendHeaders(new Metadata());
            call.sendMessage(response);
            call.close(Status.OK, new Metadata());
        }
    }
}
