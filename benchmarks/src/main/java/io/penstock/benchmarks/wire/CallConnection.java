package io.penstock.benchmarks.wire;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection that makes unary gRPC calls of one method. Hot: it speaks just what such a call needs, so that the
 * driver costs less than the server it measures: header blocks are encoded once, answers are read where they arrived, and
 * a call makes no object. What a turn of the event loop sends leaves with one write. Confined to its event loop.
 *
 * <p>It keeps to the server's limits: streams, frame size, and the windows of flow control. A request that the windows do
 * not let through whole holds up the ones behind it. After a GOAWAY it sends nothing new, and closes with its last call.
 */
public final class CallConnection extends ChannelInboundHandlerAdapter {
    /** Answers later than this after their deadline are not waited for. */
    public static final Duration DEADLINE_MARGIN = Duration.ofMillis(100);

    private static final int MESSAGE_PREFIX_BYTES = 5;
    private static final int HEADER_BLOCK_BYTES_MAX = 1 << 20;
    private static final int GOAWAY_FIXED_BYTES = 8;
    private static final int PRIORITY_BYTES = 5;

    private final RequestHeaders headers;
    private final long expiryNanos;
    private final CallListener listener;
    private final FrameReader reader = new FrameReader(this::frame);
    private final AnswerHeaders answerHeaders = new AnswerHeaders();
    private final OpenStreams streams = new OpenStreams();

    @SuppressWarnings("NullAway.Init") // set before the channel is active, and nothing is asked of it earlier
    private ChannelHandlerContext context;

    @SuppressWarnings("NullAway.Init") // as the context
    private Outgoing outgoing;

    private boolean open;
    private boolean draining;
    private long streamsMax = Integer.MAX_VALUE;
    private String closeReason = "the server closed the connection";

    /** A header block that spans frames, and whose it is. */
    private @Nullable ByteBuf begunBlock;

    private int blockStream;
    private boolean blockEndsStream;

    /**
     * For a channel's pipeline, as its only handler.
     *
     * @param method {@code package.Service/Method}
     */
    public CallConnection(String authority, String method, Duration deadline, CallListener listener) {
        this.headers = new RequestHeaders(authority, method, deadline);
        this.expiryNanos = deadline.plus(DEADLINE_MARGIN).toNanos();
        this.listener = listener;
    }

    /** Whether {@link #send} may be called. */
    public boolean canSend() {
        return open && !draining && streams.size() < streamsMax && streams.nextId() > 0 && outgoing.canRequest();
    }

    /** Calls under way. */
    public int inFlight() {
        return streams.size();
    }

    /**
     * Makes a call; it leaves with the next {@link #flush}. Only if {@link #canSend()}.
     *
     * @param due handed back to the listener
     * @param now of the monotonic clock: when the deadline begins
     * @param message the caller's again afterwards
     */
    public void send(long due, long now, byte[] message, int length) {
        int streamId = streams.nextId();
        streams.open(due, now + expiryNanos);
        outgoing.request(streamId, message, length);
    }

    /** Sends what gathered. */
    public void flush() {
        ByteBuf gathered = outgoing.take();
        if (gathered != null) {
            var unused = context.writeAndFlush(gathered, context.voidPromise());
        }
    }

    /** Ends calls that were not answered by their deadline and the margin. */
    public void expire(long now) {
        for (int slot = streams.expired(now); slot >= 0; slot = streams.expired(now)) {
            outgoing.reset(streams.id(slot), Http2.CANCEL);
            end(slot, CallListener.UNANSWERED);
        }
    }

    /** Closes at once; calls under way end as {@code UNAVAILABLE}. */
    public void close() {
        closeReason = "the driver closed the connection";
        var unused = context.close();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        this.context = context;
        this.outgoing = new Outgoing(headers, context.alloc());
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        outgoing.preface();
        flush();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Http2Exception {
        ByteBuf arrived = (ByteBuf) message;
        try {
            reader.read(arrived);
        } finally {
            arrived.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!context.channel().isActive()) {
            return; // what was sent too late; the reason is known
        }
        closeReason = String.valueOf(cause.getMessage());
        if (cause instanceof Http2Exception e) {
            outgoing.goAway(e.error().code());
            flush();
        }
        var unused = context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        open = false;
        draining = true;
        for (int slot = streams.anyAbove(0); slot >= 0; slot = streams.anyAbove(0)) {
            end(slot, Status.Code.UNAVAILABLE.value());
        }
        dropBlock();
        outgoing.release();
        listener.closed(this, closeReason);
    }

    private void frame(int type, int flags, int streamId, ByteBuf buffer, int offset, int length)
            throws Http2Exception {
        if (begunBlock != null && type != Http2.CONTINUATION) {
            throw protocolError("a header block was interrupted");
        }
        switch (type) {
            case Http2.DATA -> data(flags, streamId, buffer, offset, length);
            case Http2.HEADERS -> headers(flags, streamId, buffer, offset, length);
            case Http2.CONTINUATION -> continuation(flags, streamId, buffer, offset, length);
            case Http2.RST_STREAM -> {
                requireLength(length == 4, type, length);
                reset(streamId, buffer.getInt(offset));
            }
            case Http2.SETTINGS -> settings(flags, buffer, offset, length);
            case Http2.PING -> {
                requireLength(length == 8, type, length);
                if ((flags & Http2.ACK) == 0) {
                    outgoing.pingAck(buffer, offset, length);
                }
            }
            case Http2.GOAWAY -> {
                requireLength(length >= GOAWAY_FIXED_BYTES, type, length);
                goAway(buffer, offset, length);
            }
            case Http2.WINDOW_UPDATE -> {
                requireLength(length == 4, type, length);
                outgoing.windowOpened(streamId, buffer.getInt(offset) & Integer.MAX_VALUE);
            }
            case Http2.PUSH_PROMISE -> throw protocolError("a push that was not allowed");
            default -> {} // PRIORITY, and extensions a receiver must ignore
        }
    }

    private void data(int flags, int streamId, ByteBuf buffer, int offset, int length) throws Http2Exception {
        outgoing.consumed(length);
        int slot = streams.slot(streamId);
        if (slot < 0) {
            return; // given up
        }
        int padding = padding(flags, buffer, offset, length);
        int from = padding < 0 ? offset : offset + 1;
        int bytes = length - (from - offset) - Math.max(0, padding);
        if (bytes > 0 && streams.status(slot) == AnswerHeaders.NO_STATUS && !message(slot, buffer, from, bytes)) {
            outgoing.reset(streamId, Http2.CANCEL);
            end(slot, Status.Code.INTERNAL.value());
        } else if ((flags & Http2.END_STREAM) != 0) {
            endWithoutTrailers(slot);
        }
    }

    /** Whether it is, with what came before, the beginning of one message or all of it. */
    private boolean message(int slot, ByteBuf buffer, int offset, int length) {
        ByteBuf begun = streams.begun(slot);
        if (streams.isAnswered(slot)) {
            return false;
        }
        if (begun == null && isWholeMessage(buffer, offset, length)) {
            answered(slot, buffer, offset, length);
            return true;
        }
        if (begun == null) {
            begun = context.alloc().buffer(2 * length);
            streams.setBegun(slot, begun);
        }
        begun.writeBytes(buffer, offset, length);
        int gathered = begun.readableBytes();
        if (gathered < MESSAGE_PREFIX_BYTES) {
            return true;
        }
        if (isWholeMessage(begun, 0, gathered)) {
            answered(slot, begun, 0, gathered);
            return true;
        }
        return begun.getByte(0) == 0 && gathered - MESSAGE_PREFIX_BYTES < begun.getUnsignedInt(1);
    }

    private static boolean isWholeMessage(ByteBuf buffer, int offset, int length) {
        return length >= MESSAGE_PREFIX_BYTES
                && buffer.getByte(offset) == 0
                && buffer.getInt(offset + 1) == length - MESSAGE_PREFIX_BYTES;
    }

    private void answered(int slot, ByteBuf buffer, int offset, int length) {
        streams.setAnswered(slot);
        listener.message(streams.due(slot), buffer, offset + MESSAGE_PREFIX_BYTES, length - MESSAGE_PREFIX_BYTES);
    }

    private void headers(int flags, int streamId, ByteBuf buffer, int offset, int length) throws Http2Exception {
        int padding = padding(flags, buffer, offset, length);
        int from = offset + (padding < 0 ? 0 : 1) + ((flags & Http2.PRIORITY) == 0 ? 0 : PRIORITY_BYTES);
        int bytes = offset + length - Math.max(0, padding) - from;
        if (bytes < 0) {
            throw protocolError("headers that are shorter than their padding");
        }
        boolean endsStream = (flags & Http2.END_STREAM) != 0;
        if ((flags & Http2.END_HEADERS) != 0) {
            block(streamId, endsStream, buffer, from, bytes);
            return;
        }
        begunBlock = context.alloc().buffer(2 * bytes).writeBytes(buffer, from, bytes);
        blockStream = streamId;
        blockEndsStream = endsStream;
    }

    private void continuation(int flags, int streamId, ByteBuf buffer, int offset, int length) throws Http2Exception {
        ByteBuf begun = begunBlock;
        if (begun == null || streamId != blockStream || begun.readableBytes() + length > HEADER_BLOCK_BYTES_MAX) {
            throw protocolError("a continuation of nothing, or without an end");
        }
        begun.writeBytes(buffer, offset, length);
        if ((flags & Http2.END_HEADERS) != 0) {
            block(streamId, blockEndsStream, begun, 0, begun.readableBytes());
            dropBlock();
        }
    }

    private void dropBlock() {
        ByteBuf begun = begunBlock;
        if (begun != null) {
            begunBlock = null;
            begun.release();
        }
    }

    /** Also of a call that was given up: the decoder must see every block. */
    private void block(int streamId, boolean endsStream, ByteBuf buffer, int offset, int length) throws Http2Exception {
        int status = answerHeaders.status(streamId, buffer, offset, length);
        int slot = streams.slot(streamId);
        if (slot < 0) {
            return;
        }
        if (status != AnswerHeaders.NO_STATUS) {
            streams.setStatus(slot, status);
        }
        if (endsStream) {
            endWithoutTrailers(slot);
        }
    }

    private void endWithoutTrailers(int slot) {
        int status = streams.status(slot);
        if (status == AnswerHeaders.NO_STATUS) {
            end(slot, Status.Code.UNKNOWN.value());
        } else {
            boolean missing = status == Status.Code.OK.value() && !streams.isAnswered(slot);
            end(slot, missing ? Status.Code.INTERNAL.value() : status);
        }
    }

    private void reset(int streamId, int error) {
        int slot = streams.slot(streamId);
        if (slot >= 0) {
            outgoing.dropRequest(streamId);
            end(slot, statusOfReset(error).value());
        }
    }

    /** As gRPC maps HTTP/2's errors. */
    private static Status.Code statusOfReset(int error) {
        return switch (error) {
            case Http2.REFUSED_STREAM -> Status.Code.UNAVAILABLE;
            case Http2.CANCEL -> Status.Code.CANCELLED;
            case Http2.ENHANCE_YOUR_CALM -> Status.Code.RESOURCE_EXHAUSTED;
            default -> Status.Code.INTERNAL;
        };
    }

    private void settings(int flags, ByteBuf buffer, int offset, int length) throws Http2Exception {
        if ((flags & Http2.ACK) != 0) {
            return;
        }
        requireLength(length % Http2.SETTING_BYTES == 0, Http2.SETTINGS, length);
        for (int at = offset; at < offset + length; at += Http2.SETTING_BYTES) {
            long value = buffer.getUnsignedInt(at + 2);
            switch (buffer.getUnsignedShort(at)) {
                case Http2.SETTING_HEADER_TABLE_SIZE -> outgoing.headerTableBytes(value);
                case Http2.SETTING_MAX_CONCURRENT_STREAMS -> streamsMax = value;
                case Http2.SETTING_INITIAL_WINDOW_SIZE -> outgoing.streamWindowFirst((int) value);
                case Http2.SETTING_MAX_FRAME_SIZE -> outgoing.frameBytesMax((int) value);
                default -> {} // a receiver must ignore what it does not know
            }
        }
        outgoing.settingsAck();
        if (!open) {
            open = true;
            listener.opened(this);
        }
    }

    private void goAway(ByteBuf buffer, int offset, int length) {
        draining = true;
        String debug =
                buffer.toString(offset + GOAWAY_FIXED_BYTES, length - GOAWAY_FIXED_BYTES, StandardCharsets.US_ASCII);
        closeReason = "the server said goodbye" + (debug.isEmpty() ? "" : ": " + debug);
        int last = buffer.getInt(offset) & Integer.MAX_VALUE;
        for (int slot = streams.anyAbove(last); slot >= 0; slot = streams.anyAbove(last)) {
            outgoing.dropRequest(streams.id(slot));
            end(slot, Status.Code.UNAVAILABLE.value());
        }
        closeIfDrained();
    }

    private void end(int slot, int status) {
        long due = streams.due(slot);
        if (outgoing.isHeld(streams.id(slot))) {
            outgoing.reset(streams.id(slot), Http2.CANCEL); // answered before it was asked in full
        }
        streams.close(slot);
        listener.ended(this, due, status);
        closeIfDrained();
    }

    private void closeIfDrained() {
        if ((draining || streams.nextId() < 0) && streams.size() == 0) {
            var unused = context.close();
        }
    }

    /** The bytes of padding; −1 when the frame is not padded. */
    private static int padding(int flags, ByteBuf buffer, int offset, int length) throws Http2Exception {
        if ((flags & Http2.PADDED) == 0) {
            return -1;
        }
        if (length == 0 || buffer.getUnsignedByte(offset) >= length) {
            throw protocolError("padding that is longer than its frame");
        }
        return buffer.getUnsignedByte(offset);
    }

    private static void requireLength(boolean right, int type, int length) throws Http2Exception {
        if (!right) {
            throw Http2Exception.connectionError(
                    Http2Error.FRAME_SIZE_ERROR, "frame of type %d with %d bytes", type, length);
        }
    }

    private static Http2Exception protocolError(String what) {
        return Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, what);
    }
}
