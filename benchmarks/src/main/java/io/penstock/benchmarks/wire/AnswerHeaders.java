package io.penstock.benchmarks.wire;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;

/**
 * What the header blocks of one connection's answers say about a call. Hot: a server says the same of nearly every call, and
 * a block that only points into the table means the same for as long as the table does not change. The last two such
 * blocks, response headers and trailers, are recognised by their bytes; all else goes through Netty's decoder, in order,
 * because that is what keeps the table.
 */
final class AnswerHeaders {
    /** The block says neither a gRPC status nor an HTTP error. */
    static final int NO_STATUS = -1;

    private static final int KNOWN_BLOCKS = 2;
    private static final int HEADER_LIST_BYTES_MAX = 1 << 20;
    private static final int INDEXED = 0x80;
    private static final int INDEX_CONTINUES = 0xff;
    private static final String GRPC_STATUS = "grpc-status";

    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, HEADER_LIST_BYTES_MAX);
    private final byte[][] knownBlocks = new byte[KNOWN_BLOCKS][0];
    private final int[] knownStatuses = new int[KNOWN_BLOCKS];
    private int replaced;

    /** The number of a gRPC status, or {@link #NO_STATUS}. */
    int status(int streamId, ByteBuf buffer, int offset, int length) throws Http2Exception {
        for (int i = 0; i < KNOWN_BLOCKS; i++) {
            if (isKnown(knownBlocks[i], buffer, offset, length)) {
                return knownStatuses[i];
            }
        }
        int status = statusOf(decoder.decodeHeaders(streamId, buffer.slice(offset, length)));
        if (onlyPointsIntoTheTable(buffer, offset, length)) {
            knownBlocks[replaced] = ByteBufUtil.getBytes(buffer, offset, length);
            knownStatuses[replaced] = status;
            replaced = (replaced + 1) % KNOWN_BLOCKS;
        } else {
            Arrays.fill(knownBlocks, new byte[0]);
        }
        return status;
    }

    private static boolean isKnown(byte[] known, ByteBuf buffer, int offset, int length) {
        if (known.length != length || length == 0) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known[i] != buffer.getByte(offset + i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean onlyPointsIntoTheTable(ByteBuf buffer, int offset, int length) {
        for (int i = 0; i < length; i++) {
            int first = buffer.getUnsignedByte(offset + i);
            if (first < INDEXED || first == INDEX_CONTINUES) {
                return false;
            }
        }
        return true;
    }

    private static int statusOf(Http2Headers headers) {
        CharSequence status = headers.get(GRPC_STATUS);
        if (status != null) {
            return code(status);
        }
        CharSequence http = headers.status();
        return http == null ? NO_STATUS : codeOfHttp(http.toString());
    }

    private static int code(CharSequence status) {
        int code = 0;
        for (int i = 0; i < status.length(); i++) {
            int digit = status.charAt(i) - '0';
            if (digit < 0 || digit > 9 || code > 100) {
                return Status.Code.UNKNOWN.value();
            }
            code = code * 10 + digit;
        }
        return code < Status.Code.values().length ? code : Status.Code.UNKNOWN.value();
    }

    /** As gRPC maps the answers of proxies that do not know gRPC. */
    private static int codeOfHttp(String status) {
        return switch (status) {
            case "200" -> NO_STATUS;
            case "400" -> Status.Code.INTERNAL.value();
            case "401" -> Status.Code.UNAUTHENTICATED.value();
            case "403" -> Status.Code.PERMISSION_DENIED.value();
            case "404" -> Status.Code.UNIMPLEMENTED.value();
            case "429", "502", "503", "504" -> Status.Code.UNAVAILABLE.value();
            default -> Status.Code.UNKNOWN.value();
        };
    }
}
