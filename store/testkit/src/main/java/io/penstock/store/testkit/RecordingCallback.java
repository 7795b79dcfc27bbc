package io.penstock.store.testkit;

import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobCallback;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Keeps the one answer to a read, and notices a second one or a foreign thread. Confined to its loop. */
public final class RecordingCallback implements BlobCallback {
    private final TestEventLoop loop;
    private int answers;
    private byte @Nullable [] value;
    private StoreException.@Nullable Code failure;

    /** Written off the loop only when something is wrong. */
    private volatile @Nullable String misuse;

    public RecordingCallback(TestEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void found(ByteBuffer sealed) {
        byte[] copy = new byte[sealed.remaining()];
        sealed.get(copy);
        value = copy;
        answered();
    }

    @Override
    public void missing() {
        answered();
    }

    @Override
    public void failed(StoreException error) {
        failure = error.code();
        answered();
    }

    private void answered() {
        answers++;
        if (!loop.inEventLoop()) {
            misuse = "answered on thread '" + Thread.currentThread().getName() + "' (expected: the event loop)";
        } else if (answers > 1) {
            misuse = "answered " + answers + " times (expected: once)";
        }
    }

    public boolean isAnswered() {
        requireNoMisuse();
        return answers > 0;
    }

    /** The value found, or null if it was missing or the read failed. */
    public byte @Nullable [] value() {
        requireAnswered();
        return value;
    }

    public boolean isMissing() {
        requireAnswered();
        return value == null && failure == null;
    }

    /** The code the read failed with, or null. */
    public StoreException.@Nullable Code failure() {
        requireAnswered();
        return failure;
    }

    private void requireAnswered() {
        if (!isAnswered()) {
            throw new AssertionError("not answered yet");
        }
    }

    private void requireNoMisuse() {
        String what = misuse;
        if (what != null) {
            throw new AssertionError(what);
        }
    }
}
