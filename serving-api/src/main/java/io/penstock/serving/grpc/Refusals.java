package io.penstock.serving.grpc;

import com.google.rpc.Code;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.penstock.serving.read.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The headers of answers without a message: they say why there is none.
 *
 * @see <a href="https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses">gRPC over HTTP/2</a>
 */
final class Refusals {
    private static final AsciiString OK_STATUS = AsciiString.cached("200");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString STATUS = AsciiString.cached("grpc-status");
    private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    private static final AsciiString DETAILS = AsciiString.cached("grpc-status-details-bin");
    private static final AsciiString ACCEPTED = AsciiString.cached("grpc-accept-encoding");
    private static final String HEX = "0123456789ABCDEF";

    private Refusals() {}

    static Http2Headers of(Failure failure) {
        byte[] details = Failures.details(failure).toByteArray();
        return headers(
                failure.code(),
                failure.message(),
                DETAILS,
                new AsciiString(Base64.getEncoder().withoutPadding().encode(details), false));
    }

    /** The caller's gRPC is at fault. */
    static Http2Headers internal(String message) {
        return headers(Code.INTERNAL_VALUE, message);
    }

    static Http2Headers tooLarge(String message) {
        return headers(Code.RESOURCE_EXHAUSTED_VALUE, message);
    }

    static Http2Headers unknownEncoding(CharSequence encoding) {
        return headers(
                Code.UNIMPLEMENTED_VALUE,
                "requests in grpc-encoding " + encoding + " are not read; gzip and identity are",
                ACCEPTED,
                AsciiString.cached("gzip"));
    }

    private static Http2Headers headers(int code, String message, AsciiString... more) {
        AsciiString[] headers = new AsciiString[6 + more.length];
        headers[0] = CONTENT_TYPE;
        headers[1] = GRPC;
        headers[2] = STATUS;
        headers[3] = code(code);
        headers[4] = MESSAGE;
        headers[5] = encoded(message);
        System.arraycopy(more, 0, headers, 6, more.length);
        return ReadOnlyHttp2Headers.serverHeaders(false, OK_STATUS, headers);
    }

    private static AsciiString code(int code) {
        return AsciiString.of(Integer.toString(code));
    }

    /** Percent-encoded: what is not printable ASCII, and the percent sign. */
    static AsciiString encoded(String message) {
        StringBuilder encoded = new StringBuilder(message.length());
        for (byte each : message.getBytes(StandardCharsets.UTF_8)) {
            if (each >= ' ' && each <= '~' && each != '%') {
                encoded.append((char) each);
            } else {
                encoded.append('%').append(HEX.charAt((each >> 4) & 0xf)).append(HEX.charAt(each & 0xf));
            }
        }
        return AsciiString.of(encoded);
    }
}
