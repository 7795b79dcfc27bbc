package io.penstock.testkit;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A reader whose answers come late, are wrong, or do not come. Confined to its loop, as every reader is. */
final class BreakableBlobReader implements BlobReader {
    private final BlobReader inner;
    private final EventLoopHandle loop;
    private final StoreFaults faults;

    BreakableBlobReader(BlobReader inner, EventLoopHandle loop, StoreFaults faults) {
        this.inner = inner;
        this.loop = loop;
        this.faults = faults;
    }

    @Override
    public void get(BlobAddress address, Consistency consistency, BlobCallback callback) {
        if (faults.isUnreachable()) {
            callback.failed(StoreFaults.failure());
            return;
        }
        BlobCallback seen = new SeenByReader(address, callback);
        Duration delay = faults.delay();
        if (delay.isZero()) {
            inner.get(address, consistency, seen);
            return;
        }
        Runnable read = () -> {
            inner.get(address, consistency, seen); // which answers that it is closed, if it is by then
            inner.flush();
        };
        faults.delayedReads().send(() -> loop.executor().execute(read), delay);
    }

    @Override
    public void flush() {
        inner.flush();
    }

    @Override
    public void close() {
        inner.close();
    }

    /** What the loop gets to see of a blob. */
    private final class SeenByReader implements BlobCallback {
        private final BlobAddress address;
        private final BlobCallback callback;

        SeenByReader(BlobAddress address, BlobCallback callback) {
            this.address = address;
            this.callback = callback;
        }

        @Override
        public void found(ByteBuffer sealed) {
            if (faults.isLost(address)) {
                callback.missing();
            } else if (faults.isDamaged(address)) {
                byte[] copy = new byte[sealed.remaining()];
                sealed.get(copy);
                copy[0] ^= 1;
                callback.found(ByteBuffer.wrap(copy).asReadOnlyBuffer());
            } else {
                callback.found(sealed);
            }
        }

        @Override
        public void missing() {
            callback.missing();
        }

        @Override
        public void failed(StoreException error) {
            callback.failed(error);
        }
    }
}
