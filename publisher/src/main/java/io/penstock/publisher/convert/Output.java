package io.penstock.publisher.convert;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A reusable buffer for one level of a message, and one below it for what is nested in it. */
final class Output {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    private final CodedOutputStream coded = CodedOutputStream.newInstance(bytes, 512);
    private @Nullable Output nested;

    CodedOutputStream coded() {
        return coded;
    }

    /** The buffer for a nested message; it must be finished before the next one begins. */
    Output nested() {
        if (nested == null) {
            nested = new Output();
        }
        return nested;
    }

    /** Returns what was written and starts again. */
    byte[] finish() throws IOException {
        coded.flush();
        byte[] written = bytes.toByteArray();
        bytes.reset();
        return written;
    }

    /** Forgets what a failure left behind. */
    void discard() throws IOException {
        finish();
        if (nested != null) {
            nested.discard();
        }
    }
}
