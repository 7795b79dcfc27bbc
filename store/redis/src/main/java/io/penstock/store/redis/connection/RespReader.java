package io.penstock.store.redis.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes RESP3 answers apart as their bytes come in. Hot: a string that came whole is handed on as a view of the buffer it
 * was received into, and nothing is made for it; only what the end of a buffer cut in two is copied. Pushed messages are
 * read over. Confined to its connection's loop.
 *
 * <pre>
 *   $5\r\nhello\r\n      a string          *2\r\n…   a list of what follows       _\r\n   null
 *   :42\r\n  ,1.5\r\n    numbers           %1\r\n…   pairs                        -ERR …\r\n   an error
 * </pre>
 */
final class RespReader {
    /** A line is a length, a number or an error; longer ones are no answer of Redis. */
    private static final int LINE_BYTES_MAX = 64 << 10;

    private static final int STRING_BYTES_MAX = 512 << 20;
    private static final int NO_STRING = -1;
    private static final int CUT_LINE_BYTES = 64;
    /** A longer string's buffer grows with what comes of it. */
    private static final int CUT_BYTES_EXPECTED_MAX = 1 << 20;

    private final Answers answers;
    private final ByteBufAllocator allocator;

    /** What the last buffer ended in the middle of. */
    private @Nullable ByteBuf cut;

    /** Bytes of the string that comes next, or {@link #NO_STRING}. */
    private int string = NO_STRING;

    /** Of each list that is open, how many elements are to come. */
    private int[] left = new int[4];

    private int depth;
    private boolean isPush;
    private boolean isErrorText;
    private boolean reading;
    private boolean ended;

    RespReader(Answers answers, ByteBufAllocator allocator) {
        this.answers = answers;
        this.allocator = allocator;
    }

    /** Takes answers, piece by piece. May end the reader. */
    interface Answers {
        /** A string; null = null. Valid during the call. */
        void string(@Nullable ByteBuffer bytes);

        void number(long number);

        /** So many elements follow. */
        void list(int elements);

        void error(String message);

        /** The answer is whole. */
        void complete();

        /** What came is no answer; nothing after it can be understood. */
        void malformed(String why);
    }

    /** Reads what there is. The buffer stays the caller's. */
    void read(ByteBuf in) {
        reading = true;
        try {
            while (!ended && cut != null && in.isReadable()) {
                completeCut(in, cut);
            }
            while (!ended && readNext(in)) {
                // on to the next
            }
            if (!ended && in.isReadable()) {
                int expected = string == NO_STRING ? CUT_LINE_BYTES : Math.min(string + 2, CUT_BYTES_EXPECTED_MAX);
                cut = allocator.buffer(Math.max(expected, in.readableBytes())).writeBytes(in);
            }
        } finally {
            reading = false;
            if (ended) {
                dropCut();
            }
        }
    }

    /** Nothing is read any more. */
    void end() {
        ended = true;
        if (!reading) { // else what is being looked at goes first
            dropCut();
        }
    }

    private void dropCut() {
        if (cut != null) {
            cut.release();
            cut = null;
        }
    }

    /** Adds to what was cut in two only what completes it, so that the rest need not be copied. */
    private void completeCut(ByteBuf in, ByteBuf start) {
        int missing;
        if (string == NO_STRING) {
            int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\n');
            missing = end < 0 ? in.readableBytes() : end + 1 - in.readerIndex();
        } else {
            missing = Math.min(string + 2 - start.readableBytes(), in.readableBytes());
        }
        start.writeBytes(in, missing);
        if (readNext(start)) {
            dropCut();
        }
    }

    /** Reads one line, or one string; false if it is not all there. */
    private boolean readNext(ByteBuf in) {
        return string == NO_STRING ? readLine(in) : readString(in);
    }

    private boolean readString(ByteBuf in) {
        int bytes = string;
        if (in.readableBytes() < bytes + 2) {
            return false;
        }
        int from = in.readerIndex();
        in.skipBytes(bytes + 2);
        string = NO_STRING;
        if (isPush) {
            isErrorText = false;
        } else if (isErrorText) {
            isErrorText = false;
            answers.error(in.toString(from, bytes, StandardCharsets.UTF_8));
        } else {
            answers.string(in.nioBufferCount() == 1 ? in.internalNioBuffer(from, bytes) : in.nioBuffer(from, bytes));
        }
        elementEnded();
        return true;
    }

    private boolean readLine(ByteBuf in) {
        int from = in.readerIndex();
        int end = in.indexOf(from, in.writerIndex(), (byte) '\n');
        if (end < 0) {
            if (in.readableBytes() > LINE_BYTES_MAX) {
                malformed("a line of more than " + LINE_BYTES_MAX + " bytes");
            }
            return false;
        }
        in.readerIndex(end + 1);
        int contentEnd = end - 1;
        if (contentEnd <= from || in.getByte(contentEnd) != '\r') {
            malformed("a line that is none");
            return true;
        }
        take(in, in.getByte(from), from + 1, contentEnd);
        return true;
    }

    private void take(ByteBuf in, byte type, int from, int end) {
        switch (type) {
            case '$', '=', '!' -> {
                isErrorText = type == '!';
                length(in, from, end);
            }
            case '*', '~', '%', '>' -> elements(in, type, from, end);
            case '_' -> value(null);
            case ':' -> integer(decimal(in, from, end));
            case '#' -> integer(in.getByte(from) == 't' ? 1 : 0);
            case '+', ',', '(' -> value(in.nioBuffer(from, end - from));
            case '-' -> {
                if (!isPush) {
                    answers.error(in.toString(from, end - from, StandardCharsets.UTF_8));
                }
                elementEnded();
            }
            default -> malformed("an answer of an unknown type");
        }
    }

    private void length(ByteBuf in, int from, int end) {
        long bytes = decimal(in, from, end);
        if (bytes == -1) {
            value(null);
        } else if (bytes < 0 || bytes > STRING_BYTES_MAX) {
            malformed("a string of " + bytes + " bytes");
        } else {
            string = (int) bytes;
        }
    }

    private void elements(ByteBuf in, byte type, int from, int end) {
        long count = decimal(in, from, end);
        if (count == -1 && type == '*') {
            value(null);
            return;
        }
        long elements = type == '%' ? 2 * count : count;
        if (count < 0 || elements > Integer.MAX_VALUE) {
            malformed("a list of " + count);
            return;
        }
        if (type == '>' && depth == 0) {
            isPush = true;
        }
        if (!isPush) {
            answers.list((int) elements);
        }
        if (elements == 0) {
            elementEnded();
            return;
        }
        if (depth == left.length) {
            left = Arrays.copyOf(left, 2 * depth);
        }
        left[depth++] = (int) elements;
    }

    private void value(@Nullable ByteBuffer bytes) {
        if (!isPush) {
            answers.string(bytes);
        }
        elementEnded();
    }

    private void integer(long number) {
        if (number == Long.MIN_VALUE) {
            malformed("a number that is none");
            return;
        }
        if (!isPush) {
            answers.number(number);
        }
        elementEnded();
    }

    private void elementEnded() {
        while (depth > 0) {
            if (--left[depth - 1] > 0) {
                return;
            }
            depth--;
        }
        if (isPush) {
            isPush = false;
        } else if (!ended) {
            answers.complete();
        }
    }

    private void malformed(String why) {
        if (!ended) {
            end();
            answers.malformed(why);
        }
    }

    /** A number in digits; {@link Long#MIN_VALUE} if it is none, or too large. */
    private static long decimal(ByteBuf in, int from, int end) {
        boolean negative = from < end && in.getByte(from) == '-';
        int first = negative ? from + 1 : from;
        if (first == end) {
            return Long.MIN_VALUE;
        }
        long number = 0;
        for (int at = first; at < end; at++) {
            int digit = in.getByte(at) - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return Long.MIN_VALUE;
            }
            number = 10 * number + digit;
        }
        return negative ? -number : number;
    }
}
