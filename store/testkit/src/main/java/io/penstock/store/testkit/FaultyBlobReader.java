package io.penstock.store.testkit;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A reader whose answers are lost, wrong, late or failures; still each read is answered once, on the loop. */
final class FaultyBlobReader implements BlobReader {
    private final BlobReader inner;
    private final Faults faults;
    private final EventLoopHandle loop;

    // Confined to the loop.
    private final Set<Read> unanswered = new LinkedHashSet<>();
    private boolean closed;

    FaultyBlobReader(BlobReader inner, Faults faults, EventLoopHandle loop) {
        this.inner = inner;
        this.faults = faults;
        this.loop = loop;
    }

    @Override
    public void get(BlobAddress address, Consistency consistency, BlobCallback callback) {
        Read read = new Read(address, consistency, callback);
        Fault fault = faults.begin(Operation.BLOB_READ);
        if (fault == null || closed) {
            inner.get(address, consistency, read);
            return;
        }
        unanswered.add(read);
        switch (fault) {
            case UNREACHABLE, OVERLOADED, FULL, UNSAFE, REQUEST_LOST, REPLY_LOST, DELAYED ->
                read.failed(Disturbance.failure(fault, Operation.BLOB_READ));
            case FROZEN ->
                faults.hold(() -> loop.executor().execute(() -> {
                    if (unanswered.contains(read)) {
                        inner.get(address, consistency, read);
                        inner.flush();
                    }
                }));
            case SLOW -> {
                read.isHeld = true;
                inner.get(address, consistency, read);
                faults.hold(() -> loop.executor().execute(read::release));
            }
        }
    }

    @Override
    public void flush() {
        inner.flush();
    }

    @Override
    public void close() {
        closed = true;
        for (Read read : List.copyOf(unanswered)) {
            read.isHeld = false;
            read.failed(new StoreException(StoreException.Code.CLOSED, "blob reader is closed; open it again"));
        }
        inner.close();
    }

    /** One read. Confined to the loop. */
    private final class Read implements BlobCallback {
        private final BlobAddress address;
        private final Consistency consistency;
        private final BlobCallback callback;
        private boolean isHeld;
        private boolean isAnswered;
        private @Nullable Runnable heldAnswer;

        Read(BlobAddress address, Consistency consistency, BlobCallback callback) {
            this.address = address;
            this.consistency = consistency;
            this.callback = callback;
        }

        @Override
        public void found(ByteBuffer sealed) {
            if (faults.isLost(address, consistency == Consistency.STRONG)) {
                missing();
                return;
            }
            int bit = faults.wrongBit(address);
            if (bit < 0 && !isHeld) {
                answer(() -> callback.found(sealed));
                return;
            }
            byte[] copy = new byte[sealed.remaining()];
            sealed.get(copy);
            ByteBuffer seen = ByteBuffer.wrap(FaultyBlobWriter.flip(copy, bit)).asReadOnlyBuffer();
            answer(() -> callback.found(seen));
        }

        @Override
        public void missing() {
            answer(callback::missing);
        }

        @Override
        public void failed(StoreException error) {
            answer(() -> callback.failed(error));
        }

        void release() {
            isHeld = false;
            Runnable answer = heldAnswer;
            if (answer != null) {
                answer(answer);
            }
        }

        private void answer(Runnable answer) {
            if (isAnswered) {
                return; // closed while it was held
            }
            if (isHeld) {
                heldAnswer = answer;
                return;
            }
            isAnswered = true;
            unanswered.remove(this);
            answer.run();
        }
    }
}
