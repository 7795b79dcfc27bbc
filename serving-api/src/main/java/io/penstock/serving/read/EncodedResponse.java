package io.penstock.serving.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A response message of known length that is written without ever having been one object. */
public interface EncodedResponse {
    /** How many bytes {@link #writeTo} writes. */
    int length();

    /** Writes the message, in few pieces. The arrays handed to {@code out} are the loop's own: it must copy them. */
    void writeTo(OutputStream out) throws IOException;

    /** The message as an array of its own, for callers that keep it. */
    default byte[] toByteArray() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(length());
        try {
            writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a stream in memory does not fail
        }
        return out.toByteArray();
    }
}
