package io.penstock.serving.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.penstock.serving.read.EncodedResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Marshallers that leave the protobuf work to the read path: a request is its bytes, and an encoded response is written
 * straight into gRPC's frame. Hot: step 1 and the last step of {@code docs/read-path.md}.
 */
final class Bytes {
    static final Marshaller<byte[]> REQUEST = new RequestMarshaller();
    static final Marshaller<EncodedResponse> RESPONSE = new ResponseMarshaller();

    private Bytes() {}

    private static final class RequestMarshaller implements Marshaller<byte[]> {
        @Override
        public byte[] parse(InputStream stream) {
            try {
                if (!(stream instanceof KnownLength)) {
                    return stream.readAllBytes(); // compressed; gRPC stops it at the size limit
                }
                byte[] bytes = new byte[stream.available()];
                int read = stream.readNBytes(bytes, 0, bytes.length);
                if (read != bytes.length) {
                    throw new IOException("a request of " + bytes.length + " bytes ended after " + read);
                }
                return bytes;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public InputStream stream(byte[] request) {
            throw new IllegalStateException("a server sends no requests");
        }
    }

    private static final class ResponseMarshaller implements Marshaller<EncodedResponse> {
        @Override
        public InputStream stream(EncodedResponse response) {
            return new ResponseStream(response);
        }

        @Override
        public EncodedResponse parse(InputStream stream) {
            throw new IllegalStateException("a server receives no responses");
        }
    }

    /** A response as gRPC takes it: of known length, written by itself. Valid as long as the response is. */
    private static final class ResponseStream extends InputStream implements KnownLength, Drainable {
        private final EncodedResponse response;
        /** Only for a transport that reads instead of draining. */
        private @Nullable InputStream copy;

        ResponseStream(EncodedResponse response) {
            this.response = response;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            response.writeTo(target);
            return response.length();
        }

        @Override
        public int available() throws IOException {
            return copy == null ? response.length() : copy.available();
        }

        @Override
        public int read() throws IOException {
            return copy().read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return copy().read(target, offset, length);
        }

        private InputStream copy() {
            InputStream present = copy;
            if (present == null) {
                present = new ByteArrayInputStream(response.toByteArray());
                copy = present;
            }
            return present;
        }
    }
}
