package io.penstock.serving.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.handler.ssl.SslContext;
import io.penstock.serving.ServingException;
import io.penstock.serving.config.HostPort;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.read.ReadFailures;
import io.penstock.serving.view.ServingView;
import io.penstock.serving.view.ViewHolder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The listening gRPC server. {@code Get}, {@code BatchGet} and health are answered on the event loops; what is asked
 * about datasets, contracts and schemas leaves them.
 */
public final class GrpcEndpoint {
    private static final int ACCEPT_BACKLOG = 1024;

    private final Server server;
    private final Health health;
    private final Watches watches;
    private final OpenStreams streams;
    private final ConnectionLimit connections;
    private final LongAdder refused;
    private final Lookups lookups;

    private GrpcEndpoint(
            Server server,
            Lookups lookups,
            Health health,
            Watches watches,
            OpenStreams streams,
            ConnectionLimit connections,
            LongAdder refused) {
        this.server = server;
        this.lookups = lookups;
        this.health = health;
        this.watches = watches;
        this.streams = streams;
        this.connections = connections;
        this.refused = refused;
    }

    /**
     * Starts to listen. Health says NOT_SERVING until {@link #update} says otherwise.
     *
     * @param executor for what leaves the event loops; bounded by the limits of the configuration
     * @throws ServingException if the address, or plaintext on it, or the certificate is not possible
     */
    public static GrpcEndpoint start(
            ServingConfig config,
            EventLoops loops,
            Lookups lookups,
            ViewHolder views,
            Descriptions descriptions,
            ReadFailures failures,
            Executor executor,
            Clock clock) {
        requireProtected(config);
        LongAdder refused = new LongAdder();
        Health health = new Health(clock);
        Watches watches = new Watches(views, descriptions, executor);
        OpenStreams streams = new OpenStreams();
        ConnectionLimit connections = new ConnectionLimit(config.connections().max());
        OffLoop offLoop = new OffLoop(executor, config.limits(), refused::increment);
        NettyServerBuilder builder = builder(config, loops, lookups, connections)
                .addService(ServerInterceptors.intercept(health.service(), streams))
                .addService(ServerInterceptors.intercept(ProtoReflectionServiceV1.newInstance(), offLoop, streams))
                .addService(ServerInterceptors.intercept(olderReflection(), offLoop, streams))
                .addService(ServerInterceptors.intercept(
                        new DatasetReads(views, descriptions, failures, watches), offLoop, streams));
        Server server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            throw new ServingException(
                    ServingException.Code.ADDRESS_UNAVAILABLE,
                    "cannot listen on " + config.listen() + " (listen): " + rootMessage(e)
                            + "; end what listens there, or set another address",
                    e);
        }
        return new GrpcEndpoint(server, lookups, health, watches, streams, connections, refused);
    }

    private static void requireProtected(ServingConfig config) {
        if (config.tls().certificate().isPresent() || config.insecure()) {
            return;
        }
        try {
            if (!config.listen().isLoopback()) {
                throw new ServingException(
                        ServingException.Code.INSECURE,
                        "listen: " + config.listen() + " is reachable from other machines and would be in plaintext;"
                                + " set tls.certificate and tls.key, or allow it with insecure (--insecure)");
            }
        } catch (UnknownHostException e) {
            throw unknownHost(config.listen(), e);
        }
    }

    private static NettyServerBuilder builder(
            ServingConfig config, EventLoops loops, Lookups lookups, ConnectionLimit limit) {
        ServingConfig.Connections connections = config.connections();
        ChannelFactory<ServerChannel> channels = EventLoops.serverChannels();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        resolve(config.listen()), LookupNegotiator.credentials(tls(config), lookups))
                .bossEventLoopGroup(loops.acceptor())
                .workerEventLoopGroup(loops.workers())
                .channelFactory(() -> {
                    ServerChannel channel = channels.newChannel();
                    channel.pipeline().addLast(limit);
                    return channel;
                })
                .withOption(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .withChildOption(ChannelOption.TCP_NODELAY, true)
                .directExecutor()
                .maxInboundMessageSize(
                        Lookups.REQUEST_READ_FACTOR * config.limits().requestBytes())
                .maxInboundMetadataSize(connections.metadataBytes())
                .maxConcurrentCallsPerConnection(connections.streams())
                .handshakeTimeout(connections.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionAgeGrace(connections.ageGrace().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTime(connections.keepaliveInterval().toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(connections.keepaliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(connections.keepalivePermit().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxRstFramesPerWindow(
                        connections.resets(), (int) connections.resetsWindow().toSeconds());
        if (!connections.idle().isZero()) {
            builder.maxConnectionIdle(connections.idle().toMillis(), TimeUnit.MILLISECONDS);
        }
        if (!connections.age().isZero()) {
            builder.maxConnectionAge(connections.age().toMillis(), TimeUnit.MILLISECONDS);
        }
        return builder;
    }

    private static @Nullable SslContext tls(ServingConfig config) {
        if (config.tls().certificate().isEmpty() || config.tls().key().isEmpty()) {
            return null;
        }
        return ServerTls.context(
                config.tls().certificate().get(), config.tls().key().get());
    }

    @SuppressWarnings("deprecation") // the v1alpha protocol is; tools in use still ask by it
    private static BindableService olderReflection() {
        return ProtoReflectionService.newInstance();
    }

    private static InetSocketAddress resolve(HostPort address) {
        try {
            return address.resolve();
        } catch (UnknownHostException e) {
            throw unknownHost(address, e);
        }
    }

    private static ServingException unknownHost(HostPort address, UnknownHostException e) {
        return new ServingException(
                ServingException.Code.ADDRESS_UNAVAILABLE, "listen: " + address + ": unknown host", e);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Where it listens; with the port taken if it was 0. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.getListenSockets().get(0);
    }

    /** Tells health services and watchers what is so now. Any thread; does not block. */
    public void update(ServingView view, boolean ready) {
        health.update(view, ready);
        watches.changed();
    }

    /** Says NOT_SERVING from now on, and goes on answering. */
    public void announceEnd() {
        health.end();
    }

    /**
     * Takes no more calls, lets those in flight end, and ends the streams that would not.
     *
     * @return whether all ended in time; the others were cut off
     */
    public boolean drain(Duration grace) throws InterruptedException {
        server.shutdown();
        streams.drain();
        if (server.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            return true;
        }
        server.shutdownNow();
        server.awaitTermination(1, TimeUnit.SECONDS);
        return false;
    }

    public int openConnections() {
        return connections.open();
    }

    public long refusedConnections() {
        return connections.refused();
    }

    /** Lookups that wait for the store. */
    public long lookupsInFlight() {
        return lookups.inFlight();
    }

    /** Streams that are open: watches of datasets and of health, and reflection. */
    public int openStreams() {
        return streams.count();
    }

    /** Calls about datasets that were refused because too many were there. */
    public long refusedCalls() {
        return refused.sum();
    }
}
