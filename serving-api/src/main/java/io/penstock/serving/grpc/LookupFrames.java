package io.penstock.serving.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one connection. Those of look-ups go to their {@link LookupStream}, all others to gRPC, which goes on to
 * keep the connection: its settings, its flow control, its pings, its age and its end. Confined to the connection's loop;
 * hot.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md">gRPC over HTTP/2</a>
 */
final class LookupFrames extends Http2FrameListenerDecorator {
    private static final AsciiString POST = AsciiString.cached("POST");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");

    /** Of requests that are not complete, whose callers take their time. */
    private static final long GATHERED_BYTES_MAX = 16L << 20;

    private final Lookups lookups;
    private final Http2ConnectionHandler handler;
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final Unwritten unwritten = Unwritten.ofConnection();

    private Lookups.@Nullable OfLoop ofLoop;
    /** A frame is in hand: what is written is flushed when all that came with it has been read. */
    private boolean reading;

    private boolean flushing;
    /** The next answer's headers go through gRPC's writer and HPACK's encoder: one of them has to know of it. */
    private boolean tellsGrpc;

    private long gatheredBytes;

    LookupFrames(Lookups lookups, Http2ConnectionHandler handler, Http2FrameListener grpc) {
        super(grpc);
        this.lookups = lookups;
        this.handler = handler;
        this.connection = handler.connection();
        this.key = connection.newKey();
        connection.addListener(new Http2ConnectionAdapter() {
            @Override
            public void onStreamClosed(Http2Stream stream) {
                LookupStream lookup = stream.getProperty(key);
                if (lookup != null) {
                    lookup.closed();
                    endIfLast(stream, lookup.context());
                }
            }
        });
    }

    /** When the grace of a drain is over, gRPC ends connections by resetting its own streams; it knows none of these. */
    private void endIfLast(Http2Stream stream, ChannelHandlerContext context) {
        if (connection.goAwaySent()) {
            handler.closeStream(stream, context.newSucceededFuture());
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext context,
            int streamId,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean isEnd)
            throws Http2Exception {
        Http2Stream stream = connection.stream(streamId);
        LookupStream lookup = stream.getProperty(key);
        if (lookup == null) {
            Lookups.Method method = method(headers);
            if (method == null) {
                super.onHeadersRead(context, streamId, headers, dependency, weight, exclusive, padding, isEnd);
                return;
            }
            Lookups.OfLoop present = ofLoop();
            if (present == null) {
                reset(context, stream, Http2Error.REFUSED_STREAM); // the server has ended
                return;
            }
            lookup = new LookupStream(this, context, streamId, method, present);
            stream.setProperty(key, lookup);
            lookup.headers(headers);
        }
        if (isEnd) {
            reading = true;
            try {
                lookup.end();
            } finally {
                reading = false;
            }
        }
    }

    /** Null: it is not a look-up, or not one that gRPC would take; it knows what to say to those. */
    private Lookups.@Nullable Method method(Http2Headers headers) {
        Lookups.Method method = Lookups.method(headers.path());
        if (method == null || !POST.contentEquals(headers.method())) {
            return null;
        }
        CharSequence type = headers.get(CONTENT_TYPE);
        return type != null && isGrpc(type) ? method : null;
    }

    private static boolean isGrpc(CharSequence type) {
        if (GRPC.contentEquals(type)) {
            return true;
        }
        int length = GRPC.length();
        if (!AsciiString.regionMatches(type, true, 0, GRPC, 0, length)) {
            return false;
        }
        return type.length() == length || type.charAt(length) == '+' || type.charAt(length) == ';';
    }

    private Lookups.@Nullable OfLoop ofLoop() {
        Lookups.OfLoop present = ofLoop;
        if (present == null) {
            present = lookups.ofThisLoop();
            ofLoop = present;
        }
        return present;
    }

    @Override
    public int onDataRead(ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean isEnd)
            throws Http2Exception {
        LookupStream lookup = connection.stream(streamId).getProperty(key);
        int processed =
                super.onDataRead(context, streamId, data, padding, isEnd); // of a look-up it sees that there is life
        if (lookup == null) {
            return processed;
        }
        int bytes = data.readableBytes() + padding;
        reading = true;
        try {
            lookup.data(data, isEnd);
        } finally {
            reading = false;
        }
        return bytes;
    }

    /** gRPC takes pings that follow an answer, and sees by its writer that there was one. */
    @Override
    public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
        super.onPingRead(context, data);
        tellsGrpc = true;
    }

    /** A caller that wants another HPACK table is told with the next headers that it is so (RFC 7541, 4.2). */
    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
        super.onSettingsRead(context, settings);
        if (settings.headerTableSize() != null) {
            tellsGrpc = true;
        }
    }

    /** Writes headers if the next are not to be written past gRPC; else returns false, and they are the caller's to write. */
    @SuppressWarnings("FutureReturnValueIgnored") // what is written after them tells whether it was
    boolean writesHeaders(ChannelHandlerContext context, Http2Stream stream, Http2Headers headers) {
        if (!tellsGrpc) {
            return false;
        }
        tellsGrpc = false;
        handler.encoder().writeHeaders(context, stream.id(), headers, 0, false, context.newPromise());
        return true;
    }

    /** Answers of this connection that its caller has not read yet. */
    Unwritten unwritten() {
        return unwritten;
    }

    /** Counts bytes of requests that are not complete; false if there is no room for more of them. */
    boolean gathers(int more) {
        gatheredBytes += more;
        return gatheredBytes <= GATHERED_BYTES_MAX;
    }

    /** Writes an answer with the next flush, as far as the caller's window has room for it, and the rest when it has. */
    void answer(ChannelHandlerContext context, Answer answer) {
        if (answer.stream().isResetSent()) {
            answer.release(); // an error was first
            return;
        }
        handler.encoder().flowController().addFlowControlled(answer.stream(), answer);
        flushSoon(context);
    }

    Http2Stream stream(int streamId) {
        return connection.stream(streamId);
    }

    /** Writes a part of a message, which fits one frame. */
    @SuppressWarnings("FutureReturnValueIgnored") // what is written after it tells whether it was
    void writeData(ChannelHandlerContext context, Http2Stream stream, ByteBuf data) {
        handler.encoder().frameWriter().writeData(context, stream.id(), data, 0, false, context.newPromise());
    }

    /** Writes headers that end a stream. */
    ChannelFuture writeLast(
            ChannelHandlerContext context, Http2Stream stream, Http2Headers headers, ChannelPromise written) {
        ChannelFuture writing =
                handler.encoder().frameWriter().writeHeaders(context, stream.id(), headers, 0, true, written);
        stream.headersSent(false);
        return writing;
    }

    /** The last of an answer is on its way: when it is written, the stream is over. What its caller still sends is not wanted. */
    void ended(ChannelHandlerContext context, Http2Stream stream, ChannelFuture written) {
        boolean callerGoesOn = stream.state() == Http2Stream.State.OPEN;
        handler.closeStreamLocal(stream, written);
        if (callerGoesOn) {
            reset(context, stream, Http2Error.NO_ERROR);
        }
    }

    /** Ends a stream without an answer, or without the rest of it. */
    @SuppressWarnings("FutureReturnValueIgnored") // there is nothing left to do for it
    void reset(ChannelHandlerContext context, Http2Stream stream, Http2Error error) {
        handler.encoder().writeRstStream(context, stream.id(), error.code(), context.newPromise());
        flushSoon(context);
    }

    /** Sees to it that what was written leaves: at the end of what is being read, or of this turn of the loop. */
    private void flushSoon(ChannelHandlerContext context) {
        if (reading || flushing) {
            return;
        }
        flushing = true;
        context.executor().execute(() -> {
            flushing = false;
            handler.flush(context);
        });
    }
}
