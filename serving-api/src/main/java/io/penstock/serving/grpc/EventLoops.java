package io.penstock.serving.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The threads of the transport: one loop accepts connections, the others own them. epoll where there is one, else NIO. */
public final class EventLoops implements AutoCloseable {
    private static final boolean EPOLL = Epoll.isAvailable();
    private static final long SHUTDOWN_SECONDS_MAX = 5;

    private final EventLoopGroup acceptor;
    private final EventLoopGroup workers;

    private EventLoops(EventLoopGroup acceptor, EventLoopGroup workers) {
        this.acceptor = acceptor;
        this.workers = workers;
    }

    /**
     * Starts the threads.
     *
     * @param count loops that own connections; 0: one a processor
     */
    public static EventLoops start(int count) {
        int loops = count > 0 ? count : Runtime.getRuntime().availableProcessors();
        return new EventLoops(group(1, "penstock-accept"), group(loops, "penstock-loop"));
    }

    private static EventLoopGroup group(int threads, String name) {
        IoHandlerFactory io = EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), io);
    }

    /** {@code epoll} or {@code nio}. */
    public static String kind() {
        return EPOLL ? "epoll" : "nio";
    }

    /** The loops that own connections. */
    public List<EventLoop> loops() {
        List<EventLoop> loops = new ArrayList<>();
        for (EventExecutor loop : workers) {
            loops.add((EventLoop) loop);
        }
        return loops;
    }

    EventLoopGroup acceptor() {
        return acceptor;
    }

    EventLoopGroup workers() {
        return workers;
    }

    /** A loop for connections to this server; whoever asks for it ends it. */
    static EventLoopGroup forCalls() {
        return group(1, "penstock-calls");
    }

    static ChannelFactory<Channel> callingChannels() {
        return EPOLL ? EpollSocketChannel::new : NioSocketChannel::new;
    }

    static ChannelFactory<ServerChannel> serverChannels() {
        return EPOLL ? EpollServerSocketChannel::new : NioServerSocketChannel::new;
    }

    /** Ends the threads, after what they were asked to do so far. */
    @Override
    public void close() {
        Future<?> acceptorEnded = acceptor.shutdownGracefully(0, SHUTDOWN_SECONDS_MAX, TimeUnit.SECONDS);
        Future<?> workersEnded = workers.shutdownGracefully(0, SHUTDOWN_SECONDS_MAX, TimeUnit.SECONDS);
        acceptorEnded.awaitUninterruptibly(SHUTDOWN_SECONDS_MAX, TimeUnit.SECONDS);
        workersEnded.awaitUninterruptibly(SHUTDOWN_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
