package io.penstock.publisher.sort;

import java.nio.ByteBuffer;

/**
 * How a row lies in memory and in a run, in the machine's byte order: nobody else reads it.
 *
 * <pre>
 *   0        8            16           20             24
 *   +--------+------------+------------+--------------+-----+-------+---------+
 *   | hash   | row number | key length | value length | key | value | padding |  to a multiple of 8
 *   +--------+------------+------------+--------------+-----+-------+---------+
 * </pre>
 */
final class SortRecord {
    static final int HASH = 0;
    static final int NUMBER = 8;
    static final int KEY_LENGTH = 16;
    static final int VALUE_LENGTH = 20;
    static final int KEY = 24;

    private static final int ALIGNMENT = 8;

    private SortRecord() {}

    /** The bytes a row takes, padding included. */
    static int bytes(int keyLength, int valueLength) {
        return (KEY + keyLength + valueLength + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** The bytes the record at a place takes. */
    static int bytesAt(ByteBuffer records, int at) {
        return bytes(records.getInt(at + KEY_LENGTH), records.getInt(at + VALUE_LENGTH));
    }

    static void write(ByteBuffer records, int at, long hash, byte[] key, byte[] value, long number) {
        records.putLong(at + HASH, hash)
                .putLong(at + NUMBER, number)
                .putInt(at + KEY_LENGTH, key.length)
                .putInt(at + VALUE_LENGTH, value.length)
                .put(at + KEY, key)
                .put(at + KEY + key.length, value);
    }

    /** Orders by hash unsigned, key bytes unsigned, row number. */
    static int compare(ByteBuffer left, int leftAt, ByteBuffer right, int rightAt) {
        int order = Long.compareUnsigned(left.getLong(leftAt + HASH), right.getLong(rightAt + HASH));
        return order != 0 ? order : compareKeys(left, leftAt, right, rightAt);
    }

    private static int compareKeys(ByteBuffer left, int leftAt, ByteBuffer right, int rightAt) {
        int leftLength = left.getInt(leftAt + KEY_LENGTH);
        int rightLength = right.getInt(rightAt + KEY_LENGTH);
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
