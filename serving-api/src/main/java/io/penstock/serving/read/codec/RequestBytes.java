package io.penstock.serving.read.codec;

import java.nio.ByteBuffer;

/**
 * The bytes of the request in hand, as an array to hash and as a buffer to find names in; copied only when the buffer
 * has no array to show. Confined to one loop; hot.
 */
public final class RequestBytes {
    /** Requests up to this size are copied into one array that is used again. */
    private static final int SCRATCH_BYTES = 16 << 10;

    private final byte[] scratch = new byte[SCRATCH_BYTES];
    private final ByteBuffer scratchBuffer = ByteBuffer.wrap(scratch);

    private byte[] bytes = scratch;
    private ByteBuffer buffer = scratchBuffer;
    private int shift;
    private int from;
    private int to;

    /** Takes the bytes between position and limit. */
    public void take(ByteBuffer request) {
        int length = request.remaining();
        if (request.hasArray()) {
            bytes = request.array();
            buffer = request;
            shift = request.arrayOffset();
            from = shift + request.position();
            to = from + length;
            return;
        }
        boolean small = length <= SCRATCH_BYTES;
        bytes = small ? scratch : new byte[length];
        buffer = small ? scratchBuffer : ByteBuffer.wrap(bytes);
        request.get(request.position(), bytes, 0, length);
        shift = 0;
        from = 0;
        to = length;
    }

    public byte[] array() {
        return bytes;
    }

    /** A buffer over the same bytes; its position means nothing. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Where in {@link #buffer} an index of {@link #array} is. */
    public int inBuffer(int arrayIndex) {
        return arrayIndex - shift;
    }

    /** The index of the request's first byte in {@link #array}. */
    public int from() {
        return from;
    }

    /** The index after the request's last byte in {@link #array}. */
    public int to() {
        return to;
    }

    public int length() {
        return to - from;
    }
}
