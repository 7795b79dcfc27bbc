package io.penstock.store.memory;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Answers at {@link #flush}, in the order asked. Refuses to be used off its loop. */
final class MemoryBlobReader implements BlobReader {
    /** Reads waiting for the flush; one more is answered {@code OVERLOADED}. */
    static final int PENDING_MAX = 65_536;

    private final MemoryStore store;
    private final MemoryData data;
    private final EventLoopHandle loop;

    // Confined to the loop.
    private List<Pending> pending = new ArrayList<>();
    private boolean closed;

    MemoryBlobReader(MemoryStore store, MemoryData data, EventLoopHandle loop) {
        this.store = store;
        this.data = data;
        this.loop = loop;
    }

    @Override
    public void get(BlobAddress address, Consistency consistency, BlobCallback callback) {
        requireLoop();
        if (closed) {
            callback.failed(MemoryStore.closedException("blob reader"));
        } else if (pending.size() >= PENDING_MAX) {
            callback.failed(new StoreException(
                    StoreException.Code.OVERLOADED,
                    "blob reader: " + PENDING_MAX + " reads wait for a flush; try later"));
        } else {
            pending.add(new Pending(address, callback));
        }
    }

    @Override
    public void flush() {
        requireLoop();
        List<Pending> batch = pending;
        pending = new ArrayList<>(); // what callbacks ask for belongs to the next flush
        for (Pending read : batch) {
            answer(read);
        }
    }

    private void answer(Pending read) {
        if (closed || store.isClosed()) {
            read.callback.failed(MemoryStore.closedException("blob reader"));
            return;
        }
        byte[] sealed = data.blob(read.address);
        if (sealed == null) {
            read.callback.missing();
            return;
        }
        read.callback.found(ByteBuffer.wrap(sealed).asReadOnlyBuffer());
        Arrays.fill(sealed, (byte) 0); // whoever kept the buffer finds out
    }

    @Override
    public void close() {
        requireLoop();
        closed = true;
        flush();
    }

    private void requireLoop() {
        if (!loop.inEventLoop()) {
            throw new IllegalStateException(
                    "blob reader used by thread '" + Thread.currentThread().getName() + "' (expected: its event loop)");
        }
    }

    private record Pending(BlobAddress address, BlobCallback callback) {}
}
