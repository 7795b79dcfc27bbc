package io.penstock.store.testkit.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: takes bytes from its source, holds them until they are due, and hands them to its target.
 * Confined to the proxy's loop.
 */
final class Pipe extends ChannelInboundHandlerAdapter {
    /** Bytes held before the source is read no further. */
    private static final int HELD_BYTES_MAX = 1 << 20;

    /** A throttled pipe passes this part of a second's bytes at a time. */
    private static final int THROTTLED_PIECES_PER_SECOND = 50;

    private final Relay relay;
    private final boolean isReplies;
    private final Queue<Piece> held = new ArrayDeque<>();
    private int heldBytes;
    private long lastDueNanos = Long.MIN_VALUE;
    private @Nullable Future<?> wakeUp;
    private @Nullable Channel source;
    private @Nullable Channel target;

    /** Bytes and when they are due; empty bytes are the end of the stream. */
    private record Piece(ByteBuf bytes, long dueNanos) {}

    Pipe(Relay relay, boolean isReplies) {
        this.relay = relay;
        this.isReplies = isReplies;
    }

    @Nullable
    Channel source() {
        return source;
    }

    @Nullable
    Channel target() {
        return target;
    }

    void target(Channel channel) {
        target = channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        source = context.channel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        NetworkFaults faults = relay.proxy().faults();
        if (relay.isEnded()) {
            bytes.release();
        } else if (isReplies && faults.isDroppingReplies()) {
            relay.lost();
            bytes.release();
        } else {
            hold(bytes, faults);
            update();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!relay.isEnded()) {
            held.add(new Piece(Unpooled.EMPTY_BUFFER, Math.max(lastDueNanos, System.nanoTime())));
            update();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        relay.opposite(this).update();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        relay.reset();
    }

    /** Does what is due and reads on if there is room: called whenever something has changed. */
    void update() {
        Channel from = source;
        Channel to = target;
        if (from == null || to == null || relay.isEnded()) {
            return;
        }
        boolean isOpen = !relay.proxy().faults().isBlackHole();
        if (isOpen) {
            passDue(to);
        }
        from.config().setAutoRead(isOpen && to.isWritable() && heldBytes < HELD_BYTES_MAX);
    }

    void discard() {
        held.forEach(piece -> piece.bytes().release());
        held.clear();
        heldBytes = 0;
    }

    private void hold(ByteBuf bytes, NetworkFaults faults) {
        int pieceBytes = bytes.readableBytes();
        if (faults.bytesPerSecond() > 0) {
            pieceBytes = (int) Math.min(pieceBytes, Math.max(1, faults.bytesPerSecond() / THROTTLED_PIECES_PER_SECOND));
        }
        if (faults.sliceBytes() > 0) {
            pieceBytes = Math.min(pieceBytes, faults.sliceBytes());
        }
        heldBytes += bytes.readableBytes();
        while (bytes.isReadable()) {
            ByteBuf piece = bytes.readRetainedSlice(Math.min(pieceBytes, bytes.readableBytes()));
            held.add(new Piece(piece, dueNanos(piece.readableBytes(), faults)));
        }
        bytes.release();
    }

    private long dueNanos(int bytes, NetworkFaults faults) {
        long now = System.nanoTime();
        long jitter = faults.jitterNanos();
        long delay = faults.delayNanos()
                + (jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(-jitter, jitter + 1));
        long due = Math.max(now + delay, lastDueNanos == Long.MIN_VALUE ? now : lastDueNanos);
        if (faults.bytesPerSecond() > 0) {
            due += TimeUnit.SECONDS.toNanos(bytes) / faults.bytesPerSecond();
        }
        lastDueNanos = due;
        return due;
    }

    private void passDue(Channel to) {
        while (true) {
            Piece next = held.peek();
            if (next == null || relay.isEnded()) {
                return;
            }
            long wait = next.dueNanos() - System.nanoTime();
            if (wait > 0) {
                schedule(to, wait);
                return;
            }
            held.remove();
            heldBytes -= next.bytes().readableBytes();
            pass(to, next.bytes());
        }
    }

    private void pass(Channel to, ByteBuf bytes) {
        if (!bytes.isReadable()) {
            bytes.release();
            relay.end(false);
            return;
        }
        int bytesBeforeReset = isReplies ? relay.proxy().replyBytesBeforeReset(bytes.readableBytes()) : -1;
        if (bytesBeforeReset < 0) {
            to.writeAndFlush(bytes).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            return;
        }
        to.writeAndFlush(bytes.readRetainedSlice(bytesBeforeReset)).addListener(written -> relay.reset());
        bytes.release();
    }

    private void schedule(Channel to, long waitNanos) {
        if (wakeUp == null) {
            wakeUp = to.eventLoop().schedule(this::wake, waitNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void wake() {
        wakeUp = null;
        update();
    }
}
