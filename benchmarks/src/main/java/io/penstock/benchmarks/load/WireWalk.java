package io.penstock.benchmarks.load;

import com.google.protobuf.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Walks over the fields of a protobuf message in a buffer. Hot: one object serves all messages. What is malformed ends the
 * walk, with {@link #failed}.
 */
final class WireWalk {
    private static final int VARINT_BITS_MAX = 64;

    private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
    private int position;
    private int end;
    private boolean failed;

    void begin(ByteBuf buffer, int offset, int length) {
        this.buffer = buffer;
        this.position = offset;
        this.end = offset + length;
        this.failed = false;
    }

    int position() {
        return position;
    }

    boolean failed() {
        return failed;
    }

    /** Reads a field's number and wire type. */
    int tag() {
        return (int) varint();
    }

    /** Reads a length; returns where the field ends. */
    int fieldEnd() {
        long length = varint();
        if (length < 0 || length > end - position) {
            return fail();
        }
        return position + (int) length;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < VARINT_BITS_MAX && position < end; shift += 7) {
            byte next = buffer.getByte(position++);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        fail();
        return 0;
    }

    /** Passes over the field whose tag was read. */
    void skip(int tag) {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED64 -> move(8);
            case WireFormat.WIRETYPE_FIXED32 -> move(4);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> position = fieldEnd();
            default -> fail();
        }
    }

    private void move(int bytes) {
        if (bytes > end - position) {
            fail();
        } else {
            position += bytes;
        }
    }

    private int fail() {
        failed = true;
        position = end;
        return end;
    }
}
