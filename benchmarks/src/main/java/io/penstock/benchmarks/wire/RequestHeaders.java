package io.penstock.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The header block of every call to one method of one server, encoded once (HPACK, RFC 7541). A connection's first call
 * introduces the headers to the peer's table, as a client library does; in all later calls each is one byte. A peer that
 * keeps no table gets literals.
 */
final class RequestHeaders {
    private static final int INDEXED = 0x80;
    private static final int METHOD_POST = INDEXED | 3;
    private static final int SCHEME_HTTP = INDEXED | 6;
    private static final int NAME_AUTHORITY = 1;
    private static final int NAME_PATH = 4;
    private static final int NAME_CONTENT_TYPE = 31;
    private static final int NAME_USER_AGENT = 58;
    private static final int STATIC_ENTRIES = 61;

    private static final int LITERAL_INDEXED = 0x40;
    private static final int LITERAL_INDEXED_PREFIX = 6;
    private static final int LITERAL = 0x00;
    private static final int LITERAL_PREFIX = 4;
    private static final int STRING_PREFIX = 7;
    private static final int TABLE_EMPTIED = 0x20;

    private static final int ENTRY_OVERHEAD = 32;
    private static final long TIMEOUT_DIGITS_MAX = 99_999_999;

    private final byte[] introducing;
    private final byte[] indexed;
    private final byte[] literal;
    private final int tableBytes;

    /** @param method {@code package.Service/Method} */
    RequestHeaders(String authority, String method, Duration deadline) {
        Header[] headers = {
            new Header(NAME_PATH, ":path", "/" + method),
            new Header(NAME_AUTHORITY, ":authority", authority),
            new Header(0, "grpc-timeout", timeout(deadline)),
            new Header(NAME_CONTENT_TYPE, "content-type", "application/grpc"),
            new Header(0, "te", "trailers"),
            new Header(NAME_USER_AGENT, "user-agent", "grpc-penstock-bench"),
        };
        introducing = literals(headers, LITERAL_INDEXED, LITERAL_INDEXED_PREFIX);
        literal = literals(headers, LITERAL, LITERAL_PREFIX);
        indexed = new byte[2 + headers.length];
        indexed[0] = (byte) METHOD_POST;
        indexed[1] = (byte) SCHEME_HTTP;
        int bytes = 0;
        for (int i = 0; i < headers.length; i++) {
            indexed[2 + i] = (byte) (INDEXED | (STATIC_ENTRIES + headers.length - i));
            bytes += headers[i].name().length() + headers[i].value().length() + ENTRY_OVERHEAD;
        }
        tableBytes = bytes;
    }

    /** Puts the headers into the peer's table. */
    byte[] introducing() {
        return introducing;
    }

    /** The same headers, once they are in the peer's table and nothing else was put there. */
    byte[] indexed() {
        return indexed;
    }

    /** The same headers without a table. */
    byte[] literal() {
        return literal;
    }

    /** What must stand once before a block when the peer wants its table smaller than {@link #tableBytes}. */
    static int emptyTable() {
        return TABLE_EMPTIED;
    }

    /** The room the headers take in the peer's table. */
    int tableBytes() {
        return tableBytes;
    }

    private static byte[] literals(Header[] headers, int kind, int prefix) {
        ByteBuf block = Unpooled.buffer();
        block.writeByte(METHOD_POST).writeByte(SCHEME_HTTP);
        for (Header header : headers) {
            writeInteger(block, kind, prefix, header.staticName());
            if (header.staticName() == 0) {
                writeString(block, header.name());
            }
            writeString(block, header.value());
        }
        return ByteBufUtil.getBytes(block);
    }

    private static void writeString(ByteBuf block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        writeInteger(block, 0, STRING_PREFIX, bytes.length);
        block.writeBytes(bytes);
    }

    private static void writeInteger(ByteBuf block, int kind, int prefix, int value) {
        int prefixMax = (1 << prefix) - 1;
        if (value < prefixMax) {
            block.writeByte(kind | value);
            return;
        }
        block.writeByte(kind | prefixMax);
        int rest = value - prefixMax;
        for (; rest >= 0x80; rest >>>= 7) {
            block.writeByte((rest & 0x7f) | 0x80);
        }
        block.writeByte(rest);
    }

    private static String timeout(Duration deadline) {
        long micros = TimeUnit.NANOSECONDS.toMicros(deadline.toNanos());
        return micros <= TIMEOUT_DIGITS_MAX
                ? Math.max(1, micros) + "u"
                : Math.min(TIMEOUT_DIGITS_MAX, deadline.toMillis()) + "m";
    }

    /** @param staticName the name's place in HPACK's static table; 0 = it has none */
    private record Header(int staticName, String name, String value) {}
}
