package io.penstock.serving.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.penstock.serving.read.EncodedResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * An answer with a message: a HEADERS, a DATA and again a HEADERS frame, laid out in one buffer. When the caller's window
 * has room for the message, and it fits one frame, the buffer is written as it is; else as frames that fit. Its headers
 * are the same each time and leave the connection's HPACK table alone. Confined to its connection's loop; hot.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9113#section-6">RFC 9113, frames</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7541#section-6">RFC 7541, header fields</a>
 */
final class Reply extends Answer {
    /** Every peer takes frames of this size. */
    private static final int DATA_BYTES_MAX = 16 << 10;

    private static final int FRAME_HEAD_BYTES = 9;
    private static final int MESSAGE_HEAD_BYTES = 1 + Integer.BYTES;
    private static final byte DATA = 0;
    private static final byte HEADERS = 1;
    private static final byte END_STREAM = 1;
    private static final byte END_HEADERS = 4;

    private static final byte STATUS_200 = (byte) 0x88; // entry 8 of HPACK's static table
    private static final byte[] CONTENT_TYPE = {0x0f, 31 - 0x0f}; // entry 31's name, and a value that is not indexed
    private static final byte[] HEAD = join(new byte[] {STATUS_200}, CONTENT_TYPE, string("application/grpc"));
    private static final byte[] TRAILERS = join(new byte[] {0}, string("grpc-status"), string("0"));

    /** {@link #HEAD} for HPACK's encoder. */
    private static final Http2Headers SAME_HEAD = ReadOnlyHttp2Headers.serverHeaders(
            false,
            AsciiString.cached("200"),
            AsciiString.cached("content-type"),
            AsciiString.cached("application/grpc"));

    private static final int DATA_AT = FRAME_HEAD_BYTES + HEAD.length;
    private static final int MESSAGE_AT = DATA_AT + FRAME_HEAD_BYTES;
    private static final int END_BYTES = FRAME_HEAD_BYTES + TRAILERS.length;

    private final ByteBuf frames;
    /** Where the bytes begin that were not written yet. */
    private int at = MESSAGE_AT;

    private int bytesLeft;

    private Reply(
            LookupFrames connection, Http2Stream stream, ChannelHandlerContext context, ByteBuf frames, int dataBytes) {
        super(connection, stream, context);
        this.frames = frames;
        this.bytesLeft = dataBytes;
    }

    /** Lays an answer out. */
    static Reply of(
            EncodedResponse response,
            LookupFrames connection,
            Http2Stream stream,
            ChannelHandlerContext context,
            Target target) {
        int length = response.length();
        int dataBytes = MESSAGE_HEAD_BYTES + length;
        ByteBuf frames = context.alloc().ioBuffer(MESSAGE_AT + dataBytes + END_BYTES);
        boolean isWhole = false;
        try {
            head(frames, HEAD.length, HEADERS, END_HEADERS, stream.id());
            frames.writeBytes(HEAD);
            head(frames, dataBytes, DATA, (byte) 0, stream.id());
            frames.writeByte(0); // not compressed
            frames.writeInt(length);
            target.write(response, frames);
            head(frames, TRAILERS.length, HEADERS, (byte) (END_STREAM | END_HEADERS), stream.id());
            frames.writeBytes(TRAILERS);
            isWhole = true;
            return new Reply(connection, stream, context, frames, dataBytes);
        } finally {
            if (!isWhole) {
                frames.release();
            }
        }
    }

    private static void head(ByteBuf frame, int length, byte type, byte flags, int streamId) {
        frame.writeMedium(length);
        frame.writeByte(type);
        frame.writeByte(flags);
        frame.writeInt(streamId);
    }

    /** A string of HPACK, as it is. */
    private static byte[] string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return join(new byte[] {(byte) bytes.length}, bytes);
    }

    private static byte[] join(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int to = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, to, part.length);
            to += part.length;
        }
        return all;
    }

    /** What the caller's window has to have room for. */
    @Override
    public int size() {
        return bytesLeft;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the last write's promise tells
    public void write(ChannelHandlerContext context, int allowedBytes) {
        boolean begins = at == MESSAGE_AT;
        if (begins && bytesLeft <= Math.min(allowedBytes, DATA_BYTES_MAX)) {
            if (headersWereWritten(context)) {
                frames.skipBytes(DATA_AT);
            }
            bytesLeft = 0;
            stream().headersSent(false); // the second time it means the trailers
            context.write(frames, written());
            return;
        }
        if (begins && !headersWereWritten(context)) {
            context.write(frames.retainedSlice(0, DATA_AT));
        }
        int allowed = Math.min(allowedBytes, bytesLeft);
        while (allowed > 0) {
            int bytes = Math.min(allowed, DATA_BYTES_MAX);
            connection().writeData(context, stream(), frames.retainedSlice(at, bytes));
            at += bytes;
            bytesLeft -= bytes;
            allowed -= bytes;
        }
        if (bytesLeft == 0) {
            stream().headersSent(false);
            context.write(frames.slice(at, END_BYTES), written());
        }
    }

    /** Whether they were written by others; else they are at the beginning of {@link #frames}. */
    private boolean headersWereWritten(ChannelHandlerContext context) {
        if (connection().writesHeaders(context, stream(), SAME_HEAD)) {
            return true;
        }
        stream().headersSent(false);
        return false;
    }

    @Override
    void release() {
        frames.release();
    }

    /** Lets responses write themselves into buffers; one a loop, for one after the other. */
    static final class Target extends OutputStream {
        private @Nullable ByteBuf buffer;

        private void write(EncodedResponse response, ByteBuf into) {
            buffer = into;
            try {
                response.writeTo(this);
            } catch (IOException e) {
                throw new UncheckedIOException(e); // a buffer does not fail
            } finally {
                buffer = null;
            }
        }

        @Override
        public void write(int each) {
            if (buffer != null) {
                buffer.writeByte(each);
            }
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            if (buffer != null) {
                buffer.writeBytes(from, offset, length);
            }
        }
    }
}
