package io.penstock.serving.grpc;

import io.netty.channel.EventLoop;
import io.penstock.store.EventLoopHandle;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A Netty loop as stores see it. */
record NettyLoop(EventLoop loop) implements EventLoopHandle {
    @Override
    public Executor executor() {
        return loop;
    }

    @Override
    public boolean inEventLoop() {
        return loop.inEventLoop();
    }

    @Override
    public <T> @Nullable T unwrap(Class<T> type) {
        return type.isInstance(loop) ? type.cast(loop) : null;
    }
}
