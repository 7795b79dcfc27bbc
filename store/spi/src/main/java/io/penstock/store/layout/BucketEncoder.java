package io.penstock.store.layout;

import io.penstock.storage.v1.Row;
import java.util.Arrays;

/**
 * Collects the rows of one bucket, which come in order, into its body: the protobuf wire format of {@code
 * penstock.storage.v1.Bucket}, written as the rows come, without an object for each. Reusable; not thread-safe.
 */
public final class BucketEncoder {
    /** The most bytes a bucket's body may have. */
    public static final int BODY_BYTES_MAX = 4 << 20;

    private static final int TAG_ROWS = 1 << 3 | 2;
    private static final int TAG_KEY = 1 << 3 | 2;
    private static final int TAG_VALUE = 2 << 3 | 2;
    private static final int TAG_EXPIRES_AT = 3 << 3 | 1;

    private static final int EXPIRY_BYTES = 1 + Long.BYTES;

    private static final int BYTES_INITIAL = 4 << 10;
    /** What a bucket that was once large may leave behind. */
    private static final int BYTES_KEPT_MAX = 64 << 10;

    private byte[] bytes = new byte[BYTES_INITIAL];
    private int size;
    private int rows;

    /** A row that can copy its key and value to where the body is made. */
    public interface RowBytes {
        int keyLength();

        int valueLength();

        void copyKey(byte[] target, int offset);

        void copyValue(byte[] target, int offset);

        /** When the row stops being readable; {@link BucketScanner#NEVER} = with its version. */
        default long expiresAtMillis() {
            return BucketScanner.NEVER;
        }
    }

    /** Adds a row. */
    public void add(RowBytes row) {
        int keyLength = row.keyLength();
        int valueLength = row.valueLength();
        long expiresAtMillis = row.expiresAtMillis();
        boolean expires = expiresAtMillis != BucketScanner.NEVER;
        startRow(fieldBytes(keyLength) + fieldBytes(valueLength) + (expires ? EXPIRY_BYTES : 0));
        if (keyLength > 0) {
            startField(TAG_KEY, keyLength);
            row.copyKey(bytes, size);
            size += keyLength;
        }
        if (valueLength > 0) {
            startField(TAG_VALUE, valueLength);
            row.copyValue(bytes, size);
            size += valueLength;
        }
        if (expires) {
            expiry(expiresAtMillis);
        }
    }

    /** Adds a row that never expires by itself. */
    public void add(byte[] key, byte[] value) {
        startRow(fieldBytes(key.length) + fieldBytes(value.length));
        field(TAG_KEY, key);
        field(TAG_VALUE, value);
    }

    /** Adds a row that stops being readable at {@code expiresAtMillis} since the Unix epoch. */
    public void add(byte[] key, byte[] value, long expiresAtMillis) {
        startRow(fieldBytes(key.length) + fieldBytes(value.length) + EXPIRY_BYTES);
        field(TAG_KEY, key);
        field(TAG_VALUE, value);
        expiry(expiresAtMillis);
    }

    /** Adds a row as it was decoded. */
    public void add(Row row) {
        byte[] encoded = row.toByteArray();
        startRow(encoded.length);
        append(encoded);
    }

    public int rows() {
        return rows;
    }

    /** Bytes of the rows so far: the body's size. */
    public long rowBytes() {
        return size;
    }

    /** Returns the body and starts the next bucket. */
    public byte[] finish() {
        byte[] body = Arrays.copyOf(bytes, size);
        if (bytes.length > BYTES_KEPT_MAX) {
            bytes = new byte[BYTES_INITIAL];
        }
        size = 0;
        rows = 0;
        return body;
    }

    /** An empty field is not written, as protobuf has it. */
    private static int fieldBytes(int length) {
        return length == 0 ? 0 : 1 + varintBytes(length) + length;
    }

    private static int varintBytes(int value) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    private void startRow(int rowBytes) {
        int needed = Math.addExact(size, 1 + varintBytes(rowBytes) + rowBytes);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
        startField(TAG_ROWS, rowBytes);
        rows++;
    }

    private void startField(int tag, int length) {
        bytes[size++] = (byte) tag;
        int rest = length;
        while (rest > 0x7F) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    private void field(int tag, byte[] content) {
        if (content.length > 0) {
            startField(tag, content.length);
            append(content);
        }
    }

    private void expiry(long expiresAtMillis) {
        bytes[size++] = (byte) TAG_EXPIRES_AT;
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            bytes[size++] = (byte) (expiresAtMillis >>> shift);
        }
    }

    private void append(byte[] content) {
        System.arraycopy(content, 0, bytes, size, content.length);
        size += content.length;
    }
}
