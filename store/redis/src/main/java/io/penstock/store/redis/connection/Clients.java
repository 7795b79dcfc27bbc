package io.penstock.store.redis.connection;

import static io.penstock.store.redis.connection.Forgotten.forget;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.event.DefaultEventBus;
import io.lettuce.core.event.EventBus;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.EpollProvider;
import io.lettuce.core.resource.EventLoopGroupProvider;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.penstock.store.StoreException;
import io.penstock.store.redis.connection.RedisConfig.Login;
import io.penstock.store.redis.connection.RedisConfig.Tls;
import java.io.File;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import reactor.core.scheduler.Schedulers;

/**
 * Makes driver clients that are pinned to one event loop each. The driver connects, logs in, speaks TLS and takes the
 * bytes of replies apart; reconnecting, time-outs and queues are {@link NodeLink}'s, so everything of that kind is off.
 */
final class Clients implements AutoCloseable {
    private static final boolean EPOLL = EpollProvider.isAvailable();

    private final RedisConfig config;
    private final ClientOptions options;

    // What the driver's clients share: their handshakes' time-outs and the threads for what those do.
    private final Timer timer = new HashedWheelTimer(new DefaultThreadFactory("penstock-redis-timer", true));
    private final EventExecutorGroup executors =
            new DefaultEventExecutorGroup(1, new DefaultThreadFactory("penstock-redis-driver", true));
    private final EventBus events = new DefaultEventBus(Schedulers.immediate());

    /** @throws StoreException with {@code INVALID_URL} if a TLS file cannot be used */
    Clients(RedisConfig config) {
        this.config = config;
        this.options = options(config);
    }

    RedisConfig config() {
        return config;
    }

    /** What makes loops the driver's channels can live on. */
    static IoHandlerFactory loopFactory() {
        return EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    /** Whether the driver's channels can live on a loop. */
    static boolean canPin(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isIoType(EPOLL ? EpollIoHandler.class : NioIoHandler.class);
    }

    /** A client whose connections live on {@code loop}; {@code customizer} sees each channel before it connects. */
    RedisClient pinned(EventLoop loop, NettyCustomizer customizer) {
        RedisClient client = RedisClient.create(DefaultClientResources.builder()
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .timer(timer)
                .eventExecutorGroup(executors)
                .eventBus(events)
                .eventLoopGroupProvider(new PinnedLoop(loop))
                .nettyCustomizer(customizer)
                .build());
        client.setOptions(options);
        return client;
    }

    /** Ends a client; what it shares with others goes on. */
    static void close(RedisClient client) {
        forget(client.shutdownAsync(0, 0, TimeUnit.MILLISECONDS));
        forget(client.getResources().shutdown(0, 0, TimeUnit.MILLISECONDS));
    }

    RedisURI uri(NodeAddress node, Role role) {
        boolean sentinel = role == Role.SENTINEL;
        Login login = sentinel ? config.sentinelLogin() : config.login();
        RedisURI.Builder uri = RedisURI.builder()
                .withHost(node.host())
                .withPort(node.port())
                .withClientName("penstock")
                .withTimeout(config.timeout());
        if (!sentinel) {
            uri.withDatabase(config.database());
        }
        if (login.password() != null) {
            char[] password = login.password().toCharArray();
            if (login.user() != null) {
                uri.withAuthentication(login.user(), password);
            } else {
                uri.withPassword(password);
            }
        }
        Tls tls = config.tls();
        if (tls != null) {
            uri.withSsl(true).withVerifyPeer(tls.checksHost() ? SslVerifyMode.FULL : SslVerifyMode.CA);
        }
        return uri.build();
    }

    private static ClientOptions options(RedisConfig config) {
        Duration timeout = config.timeout();
        SocketOptions.Builder socket = SocketOptions.builder()
                .connectTimeout(timeout)
                .tcpNoDelay(true)
                .keepAlive(KeepAliveOptions.builder()
                        .enable()
                        .idle(Duration.ofSeconds(5))
                        .interval(Duration.ofSeconds(1))
                        .count(3)
                        .build());
        if (EPOLL) {
            socket.tcpUserTimeout(TcpUserTimeoutOptions.builder()
                    .enable()
                    .tcpUserTimeout(timeout.plus(timeout))
                    .build());
        }
        return ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(ProtocolVersion.RESP3)
                .pingBeforeActivateConnection(false)
                .maintNotificationsConfig(MaintNotificationsConfig.disabled())
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .useHashIndexQueue(false)
                .socketOptions(socket.build())
                .sslOptions(ssl(config))
                .build();
    }

    private static SslOptions ssl(RedisConfig config) {
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider().handshakeTimeout(config.timeout());
        Tls tls = config.tls();
        if (tls == null) {
            return ssl.build();
        }
        SslContextBuilder trial = SslContextBuilder.forClient();
        try {
            if (tls.ca() != null) {
                File ca = tls.ca().toFile();
                trial.trustManager(ca);
                ssl.trustManager(ca);
            }
            if (tls.certificate() != null && tls.key() != null) {
                File certificate = tls.certificate().toFile();
                File key = tls.key().toFile();
                trial.keyManager(certificate, key);
                ssl.keyManager(certificate, key, new char[0]);
            }
            trial.build();
        } catch (IllegalArgumentException | SSLException e) {
            throw new StoreException(
                    StoreException.Code.INVALID_URL,
                    "store URL " + config.url()
                            + ": tls_ca, tls_cert or tls_key is no readable PEM file of that kind (a key: PKCS #8, no"
                            + " password)",
                    e);
        }
        return ssl.build();
    }

    @Override
    public void close() {
        forget(timer.stop());
        forget(executors.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS));
    }

    /** Gives the driver one loop, which is not the driver's to end. */
    private record PinnedLoop(EventLoop loop) implements EventLoopGroupProvider {
        @Override
        public <T extends EventLoopGroup> T allocate(Class<T> type) {
            @SuppressWarnings("unchecked") // the driver only ever uses it as an EventLoopGroup
            T group = (T) (EventLoopGroup) loop;
            return group;
        }

        @Override
        public int threadPoolSize() {
            return 1;
        }

        @Override
        public Future<Boolean> release(EventExecutorGroup group, long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }

        @Override
        public Future<Boolean> shutdown(long quietPeriod, long timeout, TimeUnit unit) {
            return ImmediateEventExecutor.INSTANCE.newSucceededFuture(true);
        }
    }
}
