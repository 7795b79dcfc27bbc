package io.penstock.store.testkit.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a loopback port and passes every connection on to one server, through whatever faults a test asks for. Faults
 * add up, hold for present and future connections, and end with {@link #heal}; each is in force when its method returns.
 *
 * <p>Thread-safe. All of the passing happens on one event loop of its own.
 */
public final class FaultProxy implements AutoCloseable {
    /** Below the ports that operating systems give away, so that it is still free after a {@link #cut}. */
    private static final int PORT_FIRST = 23_000;

    private static final int PORT_LAST = 32_000;
    private static final int ATTEMPTS_MAX = 100;

    /** Written on the loop only, read there. */
    private InetSocketAddress server;

    private final MultiThreadIoEventLoopGroup group;
    private final EventLoop loop;
    private final int port;
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();

    /** Written on the loop only, read anywhere. */
    private volatile NetworkFaults faults = NetworkFaults.NONE;

    // Confined to the loop.
    private long replyBytesUntilReset = -1;
    private @Nullable Channel listener;

    private FaultProxy(InetSocketAddress server) {
        this.server = server;
        this.group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("fault-proxy", true), NioIoHandler.newFactory());
        this.loop = group.next();
        this.port = listenSomewhere();
    }

    /** Starts a proxy in front of a server, which need not be up. */
    public static FaultProxy to(String host, int port) {
        return new FaultProxy(new InetSocketAddress(host, port));
    }

    /** The port to connect to instead of the server's. */
    public int port() {
        return port;
    }

    /** How many connections are open through it. */
    public int connections() {
        return relays.size();
    }

    /** How many connections it has accepted so far. */
    public long accepted() {
        return accepted.get();
    }

    /** Every byte arrives {@code mean} ± {@code jitter} late, in each direction, in order. */
    public void delay(Duration mean, Duration jitter) {
        change(faults.withDelay(mean, jitter));
    }

    /** At most so many bytes a second pass, in each direction of each connection. */
    public void throttle(long bytesPerSecond) {
        change(faults.withBytesPerSecond(bytesPerSecond));
    }

    /** Bytes leave in pieces of at most this size, each in a system call of its own. */
    public void slice(int bytes) {
        change(faults.withSliceBytes(bytes));
    }

    /** The connection that carries the {@code replyBytes}-th byte of replies from now on is reset behind that byte; once. */
    public void resetAfter(long replyBytes) {
        onLoop(() -> replyBytesUntilReset = replyBytes);
    }

    /**
     * Nothing passes in either direction, and nobody is told: connections stay, new ones are accepted and silent. What was
     * on its way arrives after {@link #heal}.
     */
    public void blackHole() {
        change(faults.withBlackHole());
    }

    /**
     * Requests reach the server, replies are thrown away. A connection that has lost a reply this way is reset by {@link
     * #heal}.
     */
    public void dropReplies() {
        change(faults.withDroppedReplies());
    }

    /** Resets every connection and refuses new ones. */
    public void cut() {
        Channel closing = listener();
        if (closing != null) {
            closing.close().syncUninterruptibly();
        }
        onLoop(() -> listener = null);
        onLoop(() -> List.copyOf(relays).forEach(Relay::reset));
    }

    /** Passes connections on to another server from now on and resets the present ones, as a failover behind one address. */
    public void moveTo(String host, int serverPort) {
        onLoop(() -> {
            server = new InetSocketAddress(host, serverPort);
            List.copyOf(relays).forEach(Relay::reset);
        });
    }

    /** Ends every fault. */
    public void heal() {
        onLoop(() -> replyBytesUntilReset = -1);
        change(NetworkFaults.NONE);
        onLoop(() -> List.copyOf(relays).forEach(Relay::resetIfLossy));
        if (listener() == null) {
            listen(port).syncUninterruptibly();
        }
    }

    @Override
    public void close() {
        cut();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    NetworkFaults faults() {
        return faults;
    }

    /** How many of the next {@code bytes} of replies may pass before the reset that was asked for; −1 = all. On the loop. */
    int replyBytesBeforeReset(int bytes) {
        if (replyBytesUntilReset < 0) {
            return -1;
        }
        if (replyBytesUntilReset > bytes) {
            replyBytesUntilReset -= bytes;
            return -1;
        }
        int last = (int) replyBytesUntilReset;
        replyBytesUntilReset = -1;
        return last;
    }

    void ended(Relay relay) {
        relays.remove(relay);
    }

    private void change(NetworkFaults next) {
        onLoop(() -> {
            faults = next;
            relays.forEach(Relay::faultsChanged);
        });
    }

    private void onLoop(Runnable action) {
        loop.submit(action).syncUninterruptibly();
    }

    private @Nullable Channel listener() {
        Channel[] present = new Channel[1];
        onLoop(() -> present[0] = listener);
        return present[0];
    }

    private int listenSomewhere() {
        for (int attempt = 1; ; attempt++) {
            int candidate = ThreadLocalRandom.current().nextInt(PORT_FIRST, PORT_LAST);
            ChannelFuture bound = listen(candidate).awaitUninterruptibly();
            if (bound.isSuccess()) {
                return candidate;
            }
            if (!(bound.cause() instanceof BindException) || attempt == ATTEMPTS_MAX) {
                group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
                throw new IllegalStateException("fault proxy: cannot listen on " + candidate, bound.cause());
            }
        }
    }

    private ChannelFuture listen(int candidate) {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        listener = channel;
                    }
                })
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        accept(client);
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), candidate));
    }

    private void accept(Channel client) {
        accepted.incrementAndGet();
        Relay relay = new Relay(this, client);
        relays.add(relay);
        client.pipeline().addLast(relay.requests());
        connect(relay.replies()).addListener(connected -> {
            if (connected.isSuccess()) {
                relay.start();
            } else {
                relay.reset();
            }
        });
    }

    private ChannelFuture connect(ChannelHandler replies) {
        return new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(replies)
                .connect(server);
    }
}
