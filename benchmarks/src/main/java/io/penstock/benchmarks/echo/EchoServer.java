package io.penstock.benchmarks.echo;

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
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A bare grpc-java server that answers every call of a method with the same bytes: no protobuf work, no interceptors, no thread
 * hop. It is the baseline of every read-path figure, because nothing built on grpc-java can be faster.
 */
public final class EchoServer implements AutoCloseable {
    private static final long CLOSE_SECONDS_MAX = 5;

    /** Held, or its level would be forgotten: a call that its caller gave up is no news, and a stack trace costs. */
    private static final Logger TRANSPORT_LOG = Logger.getLogger("io.grpc.netty.NettyServerHandler");

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
        TRANSPORT_LOG.setLevel(Level.SEVERE);
        EventLoopGroup acceptor = EventLoops.start("echo-acceptor", 1);
        EventLoopGroup workers = EventLoops.start("echo", options.eventLoops());
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(options.host(), options.port()));
        services(options.answers()).forEach(builder::addService);
        try {
            Server server = builder.directExecutor()
                    .bossEventLoopGroup(acceptor)
                    .workerEventLoopGroup(workers)
                    .channelType(EventLoops.serverChannel())
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

    private static List<ServerServiceDefinition> services(EchoAnswers answers) {
        Map<String, ServerServiceDefinition.Builder> services = new TreeMap<>();
        answers.messages()
                .forEach((method, message) -> services.computeIfAbsent(
                                method.substring(0, method.indexOf('/')), ServerServiceDefinition::builder)
                        .addMethod(RawMethods.unary(method), answer(message.toByteArray())));
        return services.values().stream()
                .map(ServerServiceDefinition.Builder::build)
                .toList();
    }

    private static ServerCallHandler<byte[], byte[]> answer(byte[] response) {
        return (call, headers) -> {
            call.request(2);
            return new Answer(call, response);
        };
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
