package io.penstock.store.cassandra.connection;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.CqlSessionBuilder;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.context.DriverContext;
import com.datastax.oss.driver.api.core.session.ProgrammaticArguments;
import com.datastax.oss.driver.api.core.ssl.SslEngineFactory;
import com.datastax.oss.driver.internal.core.context.DefaultDriverContext;
import com.datastax.oss.driver.internal.core.context.NettyOptions;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Opens sessions and owns what they share: a timer, the driver's threads, and one loop for sessions of nobody's. A session
 * whose connections live on a caller's loop answers on that loop. Thread-safe.
 */
public final class Sessions implements AutoCloseable {
    /** The profile of statements that must not be sent twice. */
    public static final String ONCE = "once";

    /** The profile of a server's reads. */
    public static final String READ = "read";

    /** The driver's own is 100 ms, which would make time-outs and hedges late by as much. */
    private static final long TICK_MILLIS = 2;

    private static final long CLOSE_SECONDS_MAX = 10;

    private final CassandraConfig config;
    private final List<InetSocketAddress> contacts;
    private final @Nullable SslEngineFactory tls;
    private final HashedWheelTimer timer = new HashedWheelTimer(
            new DefaultThreadFactory("penstock-cassandra-timer", true), TICK_MILLIS, TimeUnit.MILLISECONDS);
    private final EventExecutorGroup admin =
            new DefaultEventExecutorGroup(1, new DefaultThreadFactory("penstock-cassandra-driver", true));
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("penstock-cassandra", true), SessionNetty.loopFactory());
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("penstock-cassandra-scheduler", true));
    private final Set<CqlSession> open = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * Looks the contacts up.
     *
     * @throws StoreException {@code UNREACHABLE} if none is known, {@code INVALID_URL} if a TLS file cannot be used
     */
    public Sessions(CassandraConfig config) {
        this.config = config;
        this.contacts = resolve(config);
        this.tls = config.tls() == null ? null : SessionTls.of(config, config.tls());
    }

    private static List<InetSocketAddress> resolve(CassandraConfig config) {
        List<InetSocketAddress> resolved = new ArrayList<>();
        for (CassandraConfig.Contact contact : config.contacts()) {
            for (InetAddress address : addresses(contact.host())) {
                resolved.add(new InetSocketAddress(address, contact.port()));
            }
        }
        if (resolved.isEmpty()) {
            throw new StoreException(Code.UNREACHABLE, "store " + config.url() + ": unknown host; check the URL");
        }
        return resolved;
    }

    /** None for an unknown host: another contact may be known. */
    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    public CassandraConfig config() {
        return config;
    }

    /** For delays and polls; short tasks only. */
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /** Whether sessions can live on a loop. */
    public static boolean canPin(EventLoop loop) {
        return SessionNetty.canPin(loop);
    }

    /**
     * Opens a session. Does not block.
     *
     * @param loop where its connections live, or null for the store's own
     * @return exceptionally with a {@link StoreException}
     */
    public CompletionStage<CqlSession> open(@Nullable EventLoop loop) {
        NettyOptions netty = new SessionNetty(loop == null ? loops : loop, admin, timer);
        try {
            return CompletableFuture.supplyAsync(() -> builder(netty).buildAsync(), scheduler)
                    .thenCompose(opening -> opening)
                    .handle(this::opened);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(closedException());
        }
    }

    private CqlSession opened(@Nullable CqlSession session, @Nullable Throwable error) {
        if (session == null) {
            throw failure(error);
        }
        open.add(session);
        if (closed) {
            end(session);
            throw closedException();
        }
        return session;
    }

    private CqlSessionBuilder builder(NettyOptions netty) {
        CqlSessionBuilder builder = new Builder(netty)
                .withConfigLoader(DriverSettings.of(config))
                .withClassLoader(Sessions.class.getClassLoader())
                .addContactPoints(contacts);
        String user = config.login().user();
        String password = config.login().password();
        if (user != null && password != null) {
            builder.withAuthCredentials(user, password);
        }
        if (tls != null) {
            builder.withSslEngineFactory(tls);
        }
        return builder;
    }

    /** Ends a session; others go on. Does not block. */
    public CompletionStage<Void> end(CqlSession session) {
        open.remove(session);
        return session.closeAsync();
    }

    /** Whether the calling thread is one that must not wait for answers. */
    public boolean isOwnThread() {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        for (EventExecutor executor : admin) {
            if (executor.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    public boolean isClosed() {
        return closed;
    }

    /**
     * Refuses whatever comes after {@link #close}.
     *
     * @throws StoreException {@code CLOSED}
     */
    public void requireOpen() {
        if (closed) {
            throw closedException();
        }
    }

    /** What a driver's failure means: {@code CLOSED} if the store was closed meanwhile. */
    public StoreException failure(@Nullable Throwable error) {
        return closed ? closedException() : CassandraErrors.of(error, config);
    }

    private StoreException closedException() {
        return CassandraErrors.closed("store " + config.url());
    }

    /** Waits for a stage, on a thread that may. */
    public <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        CompletableFuture<?>[] ending =
                open.stream().map(session -> end(session).toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ending)
                    .orTimeout(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)
                    .exceptionally(error -> null)
                    .join();
        } finally {
            scheduler.shutdownNow();
            timer.stop();
            var unused = admin.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
            var unusedToo = loops.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    /** The driver's way to be given a context of one's own. */
    private static final class Builder extends CqlSessionBuilder {
        private final NettyOptions netty;

        Builder(NettyOptions netty) {
            this.netty = netty;
        }

        @Override
        protected DriverContext buildContext(DriverConfigLoader loader, ProgrammaticArguments arguments) {
            return new DefaultDriverContext(loader, arguments) {
                @Override
                protected NettyOptions buildNettyOptions() {
                    return netty;
                }
            };
        }
    }
}
