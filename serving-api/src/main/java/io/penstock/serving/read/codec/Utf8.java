package io.penstock.serving.read.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Tells UTF-8 from other bytes. Hot: keys are checked and never become strings. */
public final class Utf8 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /** Whether the bytes are well-formed UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF. */
    public static boolean isValid(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int at = offset;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            if (((long) LONGS.get(bytes, at) & NOT_ASCII) != 0) {
                return isValidFrom(bytes, at, end);
            }
        }
        for (; at < end; at++) {
            if (bytes[at] < 0) {
                return isValidFrom(bytes, at, end);
            }
        }
        return true;
    }

    private static boolean isValidFrom(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end) {
            int lead = bytes[at++] & 0xFF;
            if (lead < 0x80) {
                continue;
            }
            int trailing = lead < 0xC2 || lead > 0xF4 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
            if (trailing == 0 || end - at < trailing) {
                return false;
            }
            int second = bytes[at] & 0xFF;
            int lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            int highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            if (second < lowest || second > highest) {
                return false;
            }
            for (int i = 1; i < trailing; i++) {
                if ((bytes[at + i] & 0xC0) != 0x80) {
                    return false;
                }
            }
            at += trailing;
        }
        return true;
    }
}
