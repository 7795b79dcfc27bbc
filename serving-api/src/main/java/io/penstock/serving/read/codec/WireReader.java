package io.penstock.serving.read.codec;

/**
 * A cursor over protobuf's wire format in an array; step 1 of the read path, and hot. It accepts what protobuf's own
 * parser accepts (but for varints that do not end within ten bytes), trusts no length, and allocates nothing. Once the bytes make no sense it has {@link #failed}.
 */
final class WireReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int START_GROUP = 3;
    private static final int FIXED32 = 5;

    /** As deep as protobuf's parser follows groups. */
    private static final int DEPTH_MAX = 100;

    private static final int FAILED = -1;

    private byte[] bytes = new byte[0];
    private int at;

    void reset(byte[] newBytes, int from) {
        bytes = newBytes;
        at = from;
    }

    int at() {
        return at;
    }

    boolean failed() {
        return at == FAILED;
    }

    /** Whether there is more before {@code end}. */
    boolean hasMore(int end) {
        return at != FAILED && at < end;
    }

    void moveTo(int newAt) {
        at = newAt;
    }

    /** The next tag; 0, which no field has, on failure. */
    int tag(int end) {
        return (int) varint(end);
    }

    /** The next varint; 0 on failure. */
    long varint(int end) {
        if (at == FAILED) {
            return 0;
        }
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at >= end) {
                break;
            }
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        at = FAILED;
        return 0;
    }

    /** The next length, checked against {@code end}: what follows is there. 0 on failure. */
    int length(int end) {
        int length = (int) varint(end);
        if (at == FAILED || length < 0 || length > end - at) {
            at = FAILED;
            return 0;
        }
        return length;
    }

    /** The next eight bytes, little-endian; 0 on failure. */
    long fixed64(int end) {
        if (at == FAILED || end - at < 8) {
            at = FAILED;
            return 0;
        }
        long value = 0;
        for (int i = 7; i >= 0; i--) {
            value = value << 8 | (bytes[at + i] & 0xFF);
        }
        at += 8;
        return value;
    }

    /** Steps over the field a tag announces; fails if there can be no such field. */
    void skip(int tag, int end) {
        skip(tag, end, 0);
    }

    private void skip(int tag, int end, int depth) {
        if (at == FAILED || tag >>> 3 == 0) {
            at = FAILED;
            return;
        }
        switch (tag & 7) {
            case VARINT -> varint(end);
            case FIXED64 -> advance(8, end);
            case FIXED32 -> advance(4, end);
            case LENGTH_DELIMITED -> advance(length(end), end);
            case START_GROUP -> skipGroup(tag + 1, end, depth + 1);
            default -> at = FAILED;
        }
    }

    private void skipGroup(int endTag, int end, int depth) {
        if (depth > DEPTH_MAX) {
            at = FAILED;
        }
        while (at != FAILED) {
            int tag = tag(end);
            if (tag == endTag) {
                return;
            }
            skip(tag, end, depth);
        }
    }

    private void advance(int length, int end) {
        if (at == FAILED || length > end - at) {
            at = FAILED;
            return;
        }
        at += length;
    }
}
