package io.penstock.store.blob;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The four bytes at the end of every stored value: CRC32C (RFC 3720) over the body and then the key name it is stored
 * under, little-endian. A damaged value fails the check, and so does an undamaged one at a wrong address.
 *
 * <pre>
 *   0                      n        n + 4
 *   +----------------------+--------+
 *   | body                 | crc32c |
 *   +----------------------+--------+
 * </pre>
 */
public final class Seal {
    /** Bytes a seal adds to a body. */
    public static final int BYTES = 4;

    private Seal() {}

    /** Returns {@code body} with its seal, as a new array. */
    public static byte[] seal(byte[] body, byte[] keyName) {
        byte[] sealed = Arrays.copyOf(body, body.length + BYTES);
        CRC32C crc = new CRC32C();
        crc.update(body);
        crc.update(keyName);
        ByteBuffer.wrap(sealed).order(ByteOrder.LITTLE_ENDIAN).putInt(body.length, (int) crc.getValue());
        return sealed;
    }

    /**
     * Whether the remaining bytes are a body with a right seal. Moves neither position nor limit; allocates nothing that
     * escapes.
     */
    public static boolean verify(ByteBuffer sealed, byte[] keyName) {
        int position = sealed.position();
        int limit = sealed.limit();
        int bodyBytes = limit - position - BYTES;
        if (bodyBytes < 0) {
            return false;
        }
        int end = position + bodyBytes;
        int expected = (sealed.get(end) & 0xFF)
                | (sealed.get(end + 1) & 0xFF) << 8
                | (sealed.get(end + 2) & 0xFF) << 16
                | (sealed.get(end + 3) & 0xFF) << 24;
        CRC32C crc = new CRC32C();
        sealed.limit(end);
        crc.update(sealed); // moves the position
        sealed.limit(limit);
        sealed.position(position);
        crc.update(keyName);
        return (int) crc.getValue() == expected;
    }
}
