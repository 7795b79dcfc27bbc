package io.penstock.serving.adoption;

import io.penstock.serving.v1.Reason;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.Seal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** Reads blobs strongly and checks their seals, a bounded number at a time. Confined to the view loop. */
final class BlobFetcher implements AutoCloseable {
    /** Reads in flight; further ones wait their turn. */
    private static final int READS_MAX = 64;

    private final ViewLoop loop;
    private final BlobReader reader;
    private final Duration timeout;
    private final Queue<Fetch> waiting = new ArrayDeque<>();
    private int inFlight;
    private boolean pumping;
    private boolean flushAsked;

    BlobFetcher(ViewLoop loop, BlobReader reader, Duration timeout) {
        this.loop = loop;
        this.reader = reader;
        this.timeout = timeout;
    }

    /**
     * The blob's body; completes on the loop, exceptionally with {@link LoadException}.
     *
     * @param purpose what the blob is for; once that is complete, a blob whose turn has not come is not read, and its
     *     body never completes
     */
    CompletableFuture<byte[]> fetch(BlobAddress address, CompletableFuture<?> purpose) {
        Fetch fetch = new Fetch(address, purpose);
        waiting.add(fetch);
        pump();
        return fetch.body;
    }

    private void pump() {
        if (pumping) {
            return; // a store that answers in place calls back from inside the loop below
        }
        pumping = true;
        boolean asking = !waiting.isEmpty();
        while (inFlight < READS_MAX && !waiting.isEmpty()) {
            Fetch next = waiting.remove();
            if (!next.purpose.isDone()) {
                next.start();
            }
        }
        pumping = false;
        // Also when everything was answered in place: the flush is what lets such a store take a newer state.
        if (asking && !flushAsked) {
            flushAsked = true;
            loop.execute(() -> {
                flushAsked = false;
                reader.flush();
            });
        }
    }

    @Override
    public void close() {
        reader.close();
    }

    private final class Fetch implements BlobCallback {
        private final BlobAddress address;
        private final CompletableFuture<?> purpose;
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private @Nullable ScheduledFuture<?> overdue;
        private boolean ended;

        private Fetch(BlobAddress address, CompletableFuture<?> purpose) {
            this.address = address;
            this.purpose = purpose;
        }

        private void start() {
            inFlight++;
            overdue = loop.after(
                    timeout,
                    () -> fail(
                            Reason.REASON_STORE_UNREACHABLE,
                            "was not answered by the store within " + timeout.toMillis() + " ms"));
            reader.get(address, BlobReader.Consistency.STRONG, this);
        }

        @Override
        public void found(ByteBuffer sealed) {
            if (!Seal.verify(sealed, address.keyNameBytes())) {
                fail(Reason.REASON_BUCKET_CORRUPT, "is damaged");
                return;
            }
            byte[] bytes = new byte[sealed.remaining() - Seal.BYTES];
            sealed.get(sealed.position(), bytes);
            if (end()) {
                body.complete(bytes);
                pump();
            }
        }

        @Override
        public void missing() {
            fail(Reason.REASON_BUCKET_LOST, "is not in the store");
        }

        @Override
        public void failed(StoreException error) {
            fail(Reason.REASON_STORE_UNREACHABLE, "could not be read: " + error.getMessage());
        }

        private void fail(Reason reason, String what) {
            if (end()) {
                body.completeExceptionally(new LoadException(reason, address + " " + what));
                pump();
            }
        }

        private boolean end() {
            if (ended) {
                return false;
            }
            ended = true;
            inFlight--;
            if (overdue != null) {
                overdue.cancel(false);
            }
            return true;
        }
    }
}
