package io.penstock.benchmarks;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that hold one gRPC message: its bytes alone, or with gRPC's five bytes before them, as HTTP/2 load generators want
 * them. A protobuf message never starts with a zero byte, so the two cannot be confused.
 */
public final class MessageFile {
    private static final int PREFIX_BYTES = 5;

    private MessageFile() {}

    /** The message. */
    public static ByteString read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "message file " + file + " cannot be read", e);
        }
        boolean prefixed = bytes.length >= PREFIX_BYTES
                && bytes[0] == 0
                && ByteBuffer.wrap(bytes).getInt(1) == bytes.length - PREFIX_BYTES;
        return prefixed
                ? ByteString.copyFrom(bytes, PREFIX_BYTES, bytes.length - PREFIX_BYTES)
                : ByteString.copyFrom(bytes);
    }

    /** Writes a message with the five bytes before it. */
    public static void write(Path file, ByteString message) {
        ByteBuffer bytes = ByteBuffer.allocate(PREFIX_BYTES + message.size())
                .put((byte) 0)
                .putInt(message.size())
                .put(message.asReadOnlyByteBuffer());
        try {
            Files.write(file, bytes.array());
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "message file " + file + " cannot be written", e);
        }
    }
}
