package io.penstock.serving.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Closes connections beyond {@code connections.max} as they are accepted. It stands in the listening channel's pipeline
 * before the handler that would give them a loop, so a refused connection costs an accept and a close.
 */
final class ConnectionLimit extends ChannelInboundHandlerAdapter {
    private final int max;
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    ConnectionLimit(int max) {
        this.max = max;
    }

    @Override
    public boolean isSharable() {
        return true; // one count over all listening channels
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            refused.increment();
            connection.unsafe().closeForcibly();
            return;
        }
        connection.pipeline().addFirst(new GatheredWrites());
        connection.closeFuture().addListener(closed -> open.decrementAndGet());
        context.fireChannelRead(connection);
    }

    int open() {
        return open.get();
    }

    long refused() {
        return refused.sum();
    }
}
