package io.penstock.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;

/**
 * Cuts what arrives into whole frames. Hot: a frame that is whole in the buffer it came in is handed over there; only one
 * that is split between two reads is copied, into a buffer that is kept.
 */
final class FrameReader {
    private final Sink sink;
    private final ByteBuf split = Unpooled.buffer(Http2.HEADER_BYTES + Http2.FRAME_BYTES_MAX);

    FrameReader(Sink sink) {
        this.sink = sink;
    }

    /** Takes frames, in the order of their arrival. The payload is the sink's during the call. */
    interface Sink {
        void frame(int type, int flags, int streamId, ByteBuf buffer, int offset, int length) throws Http2Exception;
    }

    /** Reads all of {@code arrived}, which stays the caller's. */
    void read(ByteBuf arrived) throws Http2Exception {
        if (split.isReadable() && !complete(arrived)) {
            return;
        }
        int position = arrived.readerIndex();
        int end = arrived.writerIndex();
        while (end - position >= Http2.HEADER_BYTES) {
            int frameBytes = frameBytes(arrived, position);
            if (end - position < frameBytes) {
                break;
            }
            handOver(arrived, position, frameBytes);
            position += frameBytes;
        }
        split.writeBytes(arrived, position, end - position);
    }

    /** Adds what is missing of the split frame, no more; whether it is whole now, and so was handed over. */
    private boolean complete(ByteBuf arrived) throws Http2Exception {
        moveUpTo(arrived, Http2.HEADER_BYTES);
        if (split.readableBytes() < Http2.HEADER_BYTES) {
            return false;
        }
        int frameBytes = frameBytes(split, 0);
        moveUpTo(arrived, frameBytes);
        if (split.readableBytes() < frameBytes) {
            return false;
        }
        handOver(split, 0, frameBytes);
        split.clear();
        return true;
    }

    private void moveUpTo(ByteBuf arrived, int bytes) {
        int missing = bytes - split.readableBytes();
        if (missing > 0) {
            split.writeBytes(arrived, Math.min(missing, arrived.readableBytes()));
        }
    }

    private static int frameBytes(ByteBuf buffer, int position) throws Http2Exception {
        int length = buffer.getUnsignedMedium(position + Http2.LENGTH_OFFSET);
        if (length > Http2.FRAME_BYTES_MAX) {
            throw Http2Exception.connectionError(
                    Http2Error.FRAME_SIZE_ERROR,
                    "frame of %d bytes (expected: at most %d)",
                    length,
                    Http2.FRAME_BYTES_MAX);
        }
        return Http2.HEADER_BYTES + length;
    }

    private void handOver(ByteBuf buffer, int position, int frameBytes) throws Http2Exception {
        sink.frame(
                buffer.getUnsignedByte(position + Http2.TYPE_OFFSET),
                buffer.getUnsignedByte(position + Http2.FLAGS_OFFSET),
                buffer.getInt(position + Http2.STREAM_OFFSET) & Integer.MAX_VALUE,
                buffer,
                position + Http2.HEADER_BYTES,
                frameBytes - Http2.HEADER_BYTES);
    }
}
