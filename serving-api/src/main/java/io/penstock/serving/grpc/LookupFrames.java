package io.penstock.serving.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.penstock.serving.read.EncodedResponse;
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

    private final Lookups lookups;
    private final Http2ConnectionHandler handler;
    private final Http2Connection connection;
    private final Http2Connection.PropertyKey key;
    private final Unwritten unwritten = Unwritten.ofConnection();

    private Lookups.@Nullable OfLoop ofLoop;
    /** A frame is in hand: what is written is flushed when all that came with it have been read. */
    private boolean reading;

    private boolean flushing;
    /** Something was written since the caller's last ping. */
    private boolean wrote;

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
            lookup = new LookupStream(this, context, streamId, method, ofLoop());
            stream.setProperty(key, lookup);
            lookup.headers(headers, isEnd);
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

    private Lookups.OfLoop ofLoop() {
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
        if (lookup == null) {
            return super.onDataRead(context, streamId, data, padding, isEnd);
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

    /** Replies pass by the writer in which gRPC sees that there are answers between two pings, which makes pings welcome. */
    @Override
    public void onPingRead(ChannelHandlerContext context, long data) throws Http2Exception {
        if (wrote) {
            wrote = false;
            return; // the decoder acknowledges it
        }
        super.onPingRead(context, data);
    }

    /** Answers of this connection that its caller has not read yet. */
    Unwritten unwritten() {
        return unwritten;
    }

    /** Writes an answer, as far as the caller's window has room for it, and the rest when it has. */
    void answer(ChannelHandlerContext context, int streamId, EncodedResponse response, Reply.Target target) {
        Http2Stream stream = connection.stream(streamId);
        handler.encoder().flowController().addFlowControlled(stream, Reply.of(response, context, this, stream, target));
        flushSoon(context);
    }

    /** Something of an answer is being written. */
    void writing() {
        wrote = true;
    }

    /** The last of an answer is on its way: when it is written, the stream is over. */
    void endedBy(Http2Stream stream, ChannelFuture written) {
        handler.closeStreamLocal(stream, written);
    }

    /**
     * Writes an answer that has no message.
     *
     * @param callerIsDone false: what the caller still sends is not wanted
     */
    @SuppressWarnings("FutureReturnValueIgnored")
    void refuse(ChannelHandlerContext context, int streamId, Http2Headers answer, boolean callerIsDone) {
        Http2ConnectionEncoder encoder = handler.encoder();
        encoder.writeHeaders(context, streamId, answer, 0, true, context.newPromise());
        if (!callerIsDone) {
            encoder.writeRstStream(context, streamId, Http2Error.NO_ERROR.code(), context.newPromise());
        }
        if (connection.goAwaySent()) {
            handler.flush(context); // the connection may end with this stream, as soon as its last frame has been read
        } else {
            flushSoon(context);
        }
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
