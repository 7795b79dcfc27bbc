package io.penstock.serving.read.codec;

import java.nio.ByteBuffer;

/** The bytes of the request in hand, as an array to hash and as a buffer to find names in. Confined to one loop; hot. */
public final class RequestBytes {
    private static final byte[] NOTHING = new byte[0];

    private byte[] bytes = NOTHING;
    private ByteBuffer buffer = ByteBuffer.wrap(NOTHING);
    private int shift;
    private int from;
    private int to;

    /** Takes the bytes between position and limit of a buffer that has an array to show. */
    public void take(ByteBuffer request) {
        bytes = request.array();
        buffer = request;
        shift = request.arrayOffset();
        from = shift + request.position();
        to = from + request.remaining();
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
