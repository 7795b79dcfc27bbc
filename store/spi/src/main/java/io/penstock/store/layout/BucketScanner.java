package io.penstock.store.layout;

import java.nio.ByteBuffer;

/**
 * Finds one key in a bucket by walking the protobuf wire format of {@code penstock.storage.v1.Bucket}; step 5 of the
 * read path, and hot: it builds no objects. The result stands in the scanner until the next call. Not thread-safe; one a
 * loop.
 *
 * <p>The seal must have been verified before: the walk is bounded by the buffer whatever stands in it, but only the seal
 * tells right bytes from wrong ones. Unknown fields are skipped.
 */
public final class BucketScanner {
    /** {@link #expiresAtMillis} of a row without its own expiry. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int TAG_ROWS = 1 << 3 | 2;
    private static final int TAG_KEY = 1 << 3 | 2;
    private static final int TAG_VALUE = 2 << 3 | 2;
    private static final int TAG_EXPIRES_AT = 3 << 3 | 1;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    private int valueOffset;
    private int valueLength;
    private long expiresAtMillis;

    /** Where the cursor of the walk stands; −1 once the bytes made no sense. */
    private int at;

    /** What came of a search. */
    public enum Result {
        FOUND,
        ABSENT,
        /** Not a bucket. */
        MALFORMED
    }

    /** Searches the body {@code [offset, end)} of {@code bucket} for a key. Absolute indexes; the buffer is not moved. */
    public Result find(ByteBuffer bucket, int offset, int end, byte[] key, int keyOffset, int keyLength) {
        at = offset;
        while (at < end) {
            long tag = readVarint(bucket, end);
            if (tag != TAG_ROWS) {
                if (at < 0 || !skip(bucket, (int) tag & 7, end)) {
                    return Result.MALFORMED;
                }
                continue;
            }
            long rowLength = readVarint(bucket, end);
            if (at < 0 || rowLength < 0 || rowLength > end - at) {
                return Result.MALFORMED;
            }
            int rowEnd = at + (int) rowLength;
            boolean matches = scanRow(bucket, rowEnd, key, keyOffset, keyLength);
            if (at < 0) {
                return Result.MALFORMED;
            }
            if (matches) {
                return Result.FOUND;
            }
            at = rowEnd;
        }
        return Result.ABSENT;
    }

    /** Where the found value starts, as an absolute index of the buffer. */
    public int valueOffset() {
        return valueOffset;
    }

    public int valueLength() {
        return valueLength;
    }

    /** When the found row stops being readable, in milliseconds since the Unix epoch, or {@link #NEVER}. */
    public long expiresAtMillis() {
        return expiresAtMillis;
    }

    private boolean scanRow(ByteBuffer bucket, int rowEnd, byte[] key, int keyOffset, int keyLength) {
        boolean matches = false;
        valueOffset = at;
        valueLength = 0;
        expiresAtMillis = NEVER;
        while (at < rowEnd) {
            int tag = (int) readVarint(bucket, rowEnd);
            if (at < 0) {
                return false;
            }
            if (tag == TAG_KEY || tag == TAG_VALUE) {
                long length = readVarint(bucket, rowEnd);
                if (at < 0 || length < 0 || length > rowEnd - at) {
                    at = -1;
                    return false;
                }
                if (tag == TAG_KEY) {
                    matches = length == keyLength && sameBytes(bucket, at, key, keyOffset, keyLength);
                    if (!matches) {
                        return false; // the writer puts the key first: the rest of the row need not be walked
                    }
                } else {
                    valueOffset = at;
                    valueLength = (int) length;
                }
                at += (int) length;
            } else if (tag == TAG_EXPIRES_AT) {
                if (rowEnd - at < 8) {
                    at = -1;
                    return false;
                }
                expiresAtMillis = readFixed64(bucket, at);
                at += 8;
            } else if (!skip(bucket, tag & 7, rowEnd)) {
                at = -1;
                return false;
            }
        }
        return matches;
    }

    private static boolean sameBytes(ByteBuffer bucket, int from, byte[] key, int keyOffset, int keyLength) {
        for (int i = 0; i < keyLength; i++) {
            if (bucket.get(from + i) != key[keyOffset + i]) {
                return false;
            }
        }
        return true;
    }

    private static long readFixed64(ByteBuffer bucket, int from) {
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | (bucket.get(from + i) & 0xFF);
        }
        return value;
    }

    private long readVarint(ByteBuffer bucket, int end) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at >= end) {
                break;
            }
            byte next = bucket.get(at++);
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        at = -1;
        return -1;
    }

    private boolean skip(ByteBuffer bucket, int wireType, int end) {
        long length;
        switch (wireType) {
            case VARINT -> {
                readVarint(bucket, end);
                return at >= 0;
            }
            case FIXED64 -> length = 8;
            case FIXED32 -> length = 4;
            case LENGTH_DELIMITED -> length = readVarint(bucket, end);
            default -> {
                return false;
            }
        }
        if (at < 0 || length < 0 || length > end - at) {
            return false;
        }
        at += (int) length;
        return true;
    }
}
