package io.penstock.store.cassandra.connection;

import com.datastax.oss.driver.internal.core.context.NettyOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.Timer;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;

/** Gives a session loops, threads and a timer that are not the session's to end. */
record SessionNetty(EventLoopGroup ioEventLoopGroup, EventExecutorGroup adminEventExecutorGroup, Timer timer)
        implements NettyOptions {
    private static final boolean EPOLL = Epoll.isAvailable();

    /** What makes loops that channels can live on. */
    static IoHandlerFactory loopFactory() {
        return EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    /** Whether channels can live on a loop. */
    static boolean canPin(EventLoop loop) {
        return loop instanceof IoEventLoop io && io.isIoType(EPOLL ? EpollIoHandler.class : NioIoHandler.class);
    }

    @Override
    public Class<? extends Channel> channelClass() {
        return EPOLL ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    @Override
    public ByteBufAllocator allocator() {
        return ByteBufAllocator.DEFAULT;
    }

    @Override
    public void afterBootstrapInitialized(Bootstrap bootstrap) {}

    @Override
    public void afterChannelInitialized(Channel channel) {}

    @Override
    public Future<Void> onClose() {
        return ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);
    }

    @Override
    public Timer getTimer() {
        return timer;
    }
}
