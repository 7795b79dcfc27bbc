package io.penstock.benchmarks.wire;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Hands bytes to and from gRPC with one copy each way: what is left when a message needs no encoding. */
final class ByteMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    static final ByteMarshaller INSTANCE = new ByteMarshaller();

    private ByteMarshaller() {}

    @Override
    public InputStream stream(byte[] message) {
        return new MessageStream(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
        try {
            byte[] message = new byte[stream.available()]; // readAllBytes would make one of 8 KiB first
            int read = stream.readNBytes(message, 0, message.length);
            if (read < message.length) {
                throw new EOFException("message of " + message.length + " bytes ended after " + read);
            }
            return message;
        } catch (IOException e) {
            throw Status.INTERNAL
                    .withDescription("message could not be read")
                    .withCause(e)
                    .asRuntimeException();
        }
    }

    private static final class MessageStream extends ByteArrayInputStream implements KnownLength, Drainable {
        MessageStream(byte[] message) {
            super(message);
        }

        @Override
        public synchronized int drainTo(OutputStream target) throws IOException {
            int length = count - pos;
            target.write(buf, pos, length);
            pos = count;
            return length;
        }
    }
}
