package io.penstock.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What one connection sends: frames that gather in a buffer until the turn ends, within the windows of flow control and
 * the frame size the server allows. Hot.
 */
final class Outgoing {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MESSAGE_PREFIX_BYTES = 5;
    private static final int BYTES_FIRST = 16 << 10;
    private static final int HEADER_TABLE_BYTES_DEFAULT = 4096;

    /** So large that no server is held up by this client. */
    private static final int RECEIVE_WINDOW = 1 << 30;

    private final RequestHeaders headers;
    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf buffer;

    private int headerTableBytes = HEADER_TABLE_BYTES_DEFAULT;
    private boolean introduced;
    private boolean tableToEmpty;

    private int frameBytesMax = Http2.FRAME_BYTES_MAX;
    private int streamWindowFirst = Http2.WINDOW_DEFAULT;
    private long window = Http2.WINDOW_DEFAULT;
    private int consumed;

    /** What the windows did not let through of the last request. */
    private @Nullable ByteBuf held;

    private int heldStream;
    private long heldWindow;

    Outgoing(RequestHeaders headers, ByteBufAllocator allocator) {
        this.headers = headers;
        this.allocator = allocator;
    }

    /** What gathered since the last time; the caller's to send. */
    @Nullable
    ByteBuf take() {
        ByteBuf gathered = buffer;
        buffer = null;
        return gathered;
    }

    void release() {
        ByteBuf unsent = take();
        if (unsent != null) {
            unsent.release();
        }
    }

    /** Greets the server: no pushes, and windows that never close. */
    void preface() {
        buffer().writeBytes(PREFACE);
        frame(2 * Http2.SETTING_BYTES, Http2.SETTINGS, 0, 0)
                .writeShort(Http2.SETTING_ENABLE_PUSH)
                .writeInt(0)
                .writeShort(Http2.SETTING_INITIAL_WINDOW_SIZE)
                .writeInt(RECEIVE_WINDOW);
        windowUpdate(RECEIVE_WINDOW - Http2.WINDOW_DEFAULT);
    }

    /** Whether the windows are open for another request, at least for its beginning. */
    boolean canRequest() {
        return held == null && window > 0;
    }

    /** One call: headers and message. Only if {@link #canRequest()}. */
    void request(int streamId, byte[] message, int length) {
        byte[] block = block();
        int prefix = tableToEmpty ? 1 : 0;
        ByteBuf to = frame(prefix + block.length, Http2.HEADERS, Http2.END_HEADERS, streamId);
        if (tableToEmpty) {
            to.writeByte(RequestHeaders.emptyTable());
            tableToEmpty = false;
        }
        to.writeBytes(block);
        int bytes = MESSAGE_PREFIX_BYTES + length;
        if (bytes <= window && bytes <= streamWindowFirst && bytes <= frameBytesMax) {
            window -= bytes;
            frame(bytes, Http2.DATA, Http2.END_STREAM, streamId)
                    .writeByte(0)
                    .writeInt(length)
                    .writeBytes(message, 0, length);
            return;
        }
        held = Unpooled.buffer(bytes).writeByte(0).writeInt(length).writeBytes(message, 0, length);
        heldStream = streamId;
        heldWindow = streamWindowFirst;
        sendHeld();
    }

    private byte[] block() {
        if (headers.tableBytes() > headerTableBytes) {
            return headers.literal();
        }
        if (introduced) {
            return headers.indexed();
        }
        introduced = true;
        return headers.introducing();
    }

    private void sendHeld() {
        ByteBuf request = held;
        while (request != null) {
            int bytes = (int) Math.min(
                    Math.min(request.readableBytes(), frameBytesMax), Math.max(0, Math.min(window, heldWindow)));
            if (bytes == 0) {
                return;
            }
            boolean last = bytes == request.readableBytes();
            window -= bytes;
            heldWindow -= bytes;
            frame(bytes, Http2.DATA, last ? Http2.END_STREAM : 0, heldStream).writeBytes(request, bytes);
            if (last) {
                held = null;
                request = null;
            }
        }
    }

    /** Whether a part of this call's request was not sent yet. */
    boolean isHeld(int streamId) {
        return held != null && heldStream == streamId;
    }

    /** The server wants no more of a call. */
    void dropRequest(int streamId) {
        if (isHeld(streamId)) {
            held = null;
        }
    }

    /** The server opened a window. */
    void windowOpened(int streamId, int bytes) {
        if (streamId == 0) {
            window += bytes;
        } else if (streamId == heldStream) {
            heldWindow += bytes;
        }
        sendHeld();
    }

    /** The server allows calls' requests this many bytes at first. */
    void streamWindowFirst(int bytes) throws Http2Exception {
        if (bytes < 0) {
            throw Http2Exception.connectionError(Http2Error.FLOW_CONTROL_ERROR, "initial window above 2^31 - 1");
        }
        heldWindow += bytes - streamWindowFirst;
        streamWindowFirst = bytes;
        sendHeld();
    }

    /** The server takes frames up to this size. */
    void frameBytesMax(int bytes) throws Http2Exception {
        if (bytes < Http2.FRAME_BYTES_MAX) {
            throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "frames of less than 16,384 bytes");
        }
        frameBytesMax = bytes;
    }

    /** The server keeps this much of our headers. Too little for all of them: none is put there from now on. */
    void headerTableBytes(long bytes) {
        int smaller = (int) Math.min(bytes, headerTableBytes);
        if (smaller < headerTableBytes) {
            tableToEmpty = true;
            introduced = false;
            headerTableBytes = smaller;
        }
    }

    /** Bytes of answers were taken; tells the server once half of its window is used up. */
    void consumed(int bytes) {
        consumed += bytes;
        if (consumed >= RECEIVE_WINDOW / 2) {
            windowUpdate(consumed);
            consumed = 0;
        }
    }

    void settingsAck() {
        frame(0, Http2.SETTINGS, Http2.ACK, 0);
    }

    void pingAck(ByteBuf source, int offset, int length) {
        frame(length, Http2.PING, Http2.ACK, 0).writeBytes(source, offset, length);
    }

    /** Gives a call up. */
    void reset(int streamId, int error) {
        frame(4, Http2.RST_STREAM, 0, streamId).writeInt(error);
        dropRequest(streamId);
    }

    void goAway(long error) {
        frame(8, Http2.GOAWAY, 0, 0).writeInt(0).writeInt((int) error);
    }

    private void windowUpdate(int bytes) {
        frame(4, Http2.WINDOW_UPDATE, 0, 0).writeInt(bytes);
    }

    private ByteBuf frame(int length, int type, int flags, int streamId) {
        return buffer().ensureWritable(Http2.HEADER_BYTES + length)
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(streamId);
    }

    private ByteBuf buffer() {
        ByteBuf present = buffer;
        if (present == null) {
            present = allocator.directBuffer(BYTES_FIRST);
            buffer = present;
        }
        return present;
    }
}
