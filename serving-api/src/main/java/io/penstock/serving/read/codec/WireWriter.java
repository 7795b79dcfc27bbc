package io.penstock.serving.read.codec;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes protobuf's wire format to a stream in few pieces: small ones are gathered, large ones passed on as they are.
 * One a loop, used again for every response; hot.
 */
public final class WireWriter {
    private static final int GATHERED_BYTES = 8 << 10;
    /** Arrays from this size on are passed on rather than copied. */
    private static final int PASSED_ON_BYTES = 4 << 10;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] gathered = new byte[GATHERED_BYTES];
    private int at;
    private @Nullable OutputStream out;

    /** Starts a message. */
    public void begin(OutputStream newOut) {
        out = newOut;
        at = 0;
    }

    /** Ends the message: everything is with the stream. */
    public void end() throws IOException {
        flush();
        out = null;
    }

    public void varint(int value) throws IOException {
        ensure(5);
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            gathered[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        gathered[at++] = (byte) rest;
    }

    public void fixed64(long value) throws IOException {
        ensure(8);
        LONGS.set(gathered, at, value);
        at += 8;
    }

    /** The first {@code length} of some bytes. */
    public void bytes(byte[] bytes, int length) throws IOException {
        if (length >= PASSED_ON_BYTES) {
            flush();
            Objects.requireNonNull(out).write(bytes, 0, length);
            return;
        }
        ensure(length);
        System.arraycopy(bytes, 0, gathered, at, length);
        at += length;
    }

    private void ensure(int bytes) throws IOException {
        if (GATHERED_BYTES - at < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (at > 0) {
            Objects.requireNonNull(out).write(gathered, 0, at);
            at = 0;
        }
    }

    /** How many bytes a value that is not negative takes. */
    public static int varintBytes(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;
    }
}
