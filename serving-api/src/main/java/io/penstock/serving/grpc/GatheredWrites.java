package io.penstock.serving.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies the small buffers of a flush into one. HTTP/2 writes an answer as six of them, and each that reaches the socket
 * costs an entry in its queue and an element of the write call, which is more than to copy its bytes. It stands next to
 * the socket. A write's promise is kept only when its bytes were written. Confined to its connection's loop; hot.
 */
final class GatheredWrites extends ChannelOutboundHandlerAdapter {
    /** Longer buffers are passed on as they are. */
    static final int COPIED_BYTES_MAX = 4 << 10;

    private static final int GATHERED_BYTES_MIN = 1 << 10;
    /** The allocator keeps buffers up to this size at hand. */
    private static final int GATHERED_BYTES_MAX = 32 << 10;

    private @Nullable ByteBuf gathered;
    private List<ChannelPromise> promises = new ArrayList<>();
    private int lastBytes;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf bytes) || bytes.readableBytes() > COPIED_BYTES_MAX) {
            passOn(context);
            ChannelFuture unused = context.write(message, promise);
            return;
        }
        ByteBuf room = gathered;
        if (room != null && room.maxWritableBytes() < bytes.readableBytes()) {
            passOn(context);
            room = null;
        }
        if (room == null) {
            room = context.alloc().ioBuffer(expectedBytes(), GATHERED_BYTES_MAX);
            gathered = room;
        }
        room.writeBytes(bytes);
        bytes.release();
        if (!promise.isVoid()) {
            promises.add(promise);
        }
    }

    /** As many as the last flush had: what waits for a caller who does not read is counted by what is in it. */
    private int expectedBytes() {
        int power = Integer.highestOneBit(Math.max(1, lastBytes - 1)) << 1;
        return Math.max(GATHERED_BYTES_MIN, Math.min(power, GATHERED_BYTES_MAX));
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        passOn(context);
        context.flush();
    }

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        passOn(context);
        ChannelFuture unused = context.close(promise);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (gathered != null) {
            gathered.release();
            gathered = null;
            ClosedChannelException closed = new ClosedChannelException();
            promises.forEach(promise -> promise.tryFailure(closed));
        }
    }

    private void passOn(ChannelHandlerContext context) {
        ByteBuf bytes = gathered;
        if (bytes == null) {
            return;
        }
        List<ChannelPromise> kept = promises;
        gathered = null;
        promises = new ArrayList<>(kept.size());
        lastBytes = bytes.readableBytes();
        context.write(bytes).addListener((ChannelFutureListener) written -> ended(kept, written));
    }

    private static void ended(List<ChannelPromise> promises, ChannelFuture write) {
        for (int i = 0; i < promises.size(); i++) {
            if (write.isSuccess()) {
                promises.get(i).trySuccess();
            } else {
                promises.get(i).tryFailure(write.cause());
            }
        }
    }
}
