package io.penstock.publisher.sort;

import io.penstock.publisher.RowMark;
import io.penstock.publisher.RowOperation;
import java.nio.ByteBuffer;

/**
 * How a row lies in memory and in a run, in the machine's byte order: nobody else reads it.
 *
 * <pre>
 *   0        8            16           18      20             24
 *   +--------+------------+------------+-------+--------------+-----+-------+------------+---------+
 *   | hash   | row number | key length | flags | value length | key | value | expires at | padding |  to a multiple of 8
 *   +--------+------------+------------+-------+--------------+-----+-------+------------+---------+
 * </pre>
 *
 * The flags are the row's operation and, in {@link #HAS_EXPIRY}, whether the eight bytes of its expiry are there.
 */
final class SortRecord {
    static final int HASH = 0;
    static final int NUMBER = 8;
    static final int KEY_LENGTH = 16;
    static final int FLAGS = 18;
    static final int VALUE_LENGTH = 20;
    static final int KEY = 24;

    private static final int ALIGNMENT = 8;
    private static final short HAS_EXPIRY = 1 << 8;
    private static final int OPERATION = HAS_EXPIRY - 1;
    private static final int UPSERT = 0;
    private static final int INSERT = 1;
    private static final int DELETE = 2;

    private SortRecord() {}

    /** The bytes a row takes at most, padding included. */
    static int bytesMax(int keyLength, int valueLength) {
        return bytes(keyLength, valueLength, true);
    }

    /** The bytes a row takes, padding included. */
    static int bytes(int keyLength, int valueLength, boolean hasExpiry) {
        return (KEY + keyLength + valueLength + (hasExpiry ? Long.BYTES : 0) + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** The bytes the record at a place takes. */
    static int bytesAt(ByteBuffer records, int at) {
        return bytes(keyLength(records, at), records.getInt(at + VALUE_LENGTH), hasExpiry(records, at));
    }

    static int keyLength(ByteBuffer records, int at) {
        return records.getShort(at + KEY_LENGTH);
    }

    private static boolean hasExpiry(ByteBuffer records, int at) {
        return (records.getShort(at + FLAGS) & HAS_EXPIRY) != 0;
    }

    static RowOperation operation(ByteBuffer records, int at) {
        return switch (records.getShort(at + FLAGS) & OPERATION) {
            case INSERT -> RowOperation.INSERT;
            case DELETE -> RowOperation.DELETE;
            default -> RowOperation.UPSERT;
        };
    }

    private static int flagOf(RowOperation operation) {
        return switch (operation) {
            case UPSERT -> UPSERT;
            case INSERT -> INSERT;
            case DELETE -> DELETE;
        };
    }

    static long expiresAtMillis(ByteBuffer records, int at) {
        return hasExpiry(records, at)
                ? records.getLong(at + KEY + keyLength(records, at) + records.getInt(at + VALUE_LENGTH))
                : RowMark.NEVER;
    }

    static void write(ByteBuffer records, int at, long hash, byte[] key, byte[] value, RowMark mark, long number) {
        boolean hasExpiry = mark.expiresAtMillis() != RowMark.NEVER;
        int flags = flagOf(mark.operation()) | (hasExpiry ? HAS_EXPIRY : 0);
        records.putLong(at + HASH, hash)
                .putLong(at + NUMBER, number)
                .putShort(at + KEY_LENGTH, (short) key.length)
                .putShort(at + FLAGS, (short) flags)
                .putInt(at + VALUE_LENGTH, value.length)
                .put(at + KEY, key)
                .put(at + KEY + key.length, value);
        if (hasExpiry) {
            records.putLong(at + KEY + key.length + value.length, mark.expiresAtMillis());
        }
    }

    /** Orders by hash unsigned, key bytes unsigned, row number. */
    static int compare(ByteBuffer left, int leftAt, ByteBuffer right, int rightAt) {
        int order = Long.compareUnsigned(left.getLong(leftAt + HASH), right.getLong(rightAt + HASH));
        return order != 0 ? order : compareKeys(left, leftAt, right, rightAt);
    }

    private static int compareKeys(ByteBuffer left, int leftAt, ByteBuffer right, int rightAt) {
        int leftLength = keyLength(left, leftAt);
        int rightLength = keyLength(right, rightAt);
        for (int i = 0; i < Math.min(leftLength, rightLength); i++) {
            int order = Byte.compareUnsigned(left.get(leftAt + KEY + i), right.get(rightAt + KEY + i));
            if (order != 0) {
                return order;
            }
        }
        int order = Integer.compare(leftLength, rightLength);
        return order != 0 ? order : Long.compare(left.getLong(leftAt + NUMBER), right.getLong(rightAt + NUMBER));
    }
}
