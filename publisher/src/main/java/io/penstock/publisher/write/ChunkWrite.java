package io.penstock.publisher.write;

import io.penstock.publisher.stored.Stages;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One chunk on its way into the store. Its intent is sent at once; its buckets are held until that is confirmed, and its
 * chunk blob until all of them are. Nobody waits meanwhile: {@link #advance} does what has become possible. Not
 * thread-safe.
 */
final class ChunkWrite {
    private static final int BATCH_BLOBS_MAX = 256;
    private static final int BATCH_BYTES_MAX = 256 << 10;

    private final int chunk;
    private final BlobWriter blobs;
    private final Progress progress;
    private final CompletionStage<Void> intent;
    private final Deque<List<Blob>> held = new ArrayDeque<>();
    private final Deque<CompletionStage<Void>> unconfirmed = new ArrayDeque<>();
    private List<Blob> batch = new ArrayList<>();
    private int batchBytes;
    private long bytesHeld;
    private boolean intentConfirmed;
    private @Nullable Blob last;
    private @Nullable CompletionStage<Void> chunkWritten;

    ChunkWrite(int chunk, BlobWriter blobs, Blob intent, Progress progress) {
        this.chunk = chunk;
        this.blobs = blobs;
        this.progress = progress;
        progress.beforeWriting();
        this.intent = blobs.put(List.of(intent));
    }

    /** Is told how far it is. */
    interface Progress {
        /** Something is about to be sent; throws unless this publisher may still write. */
        void beforeWriting();

        void intentWritten(int chunk);

        void bucketsSent(int count);

        void bucketsConfirmed(int chunk);
    }

    int chunk() {
        return chunk;
    }

    /** Bytes that wait for the intent. */
    long bytesHeld() {
        return bytesHeld;
    }

    /** Takes a bucket; returns whether there is something new to send. */
    boolean add(Blob blob) {
        batch.add(blob);
        batchBytes += blob.sealed().length;
        boolean full = batch.size() >= BATCH_BLOBS_MAX || batchBytes >= BATCH_BYTES_MAX;
        if (full) {
            endBatch();
        }
        return full;
    }

    private void endBatch() {
        held.add(batch);
        bytesHeld += batchBytes;
        batch = new ArrayList<>();
        batchBytes = 0;
    }

    /** Nothing more comes; the chunk blob goes last. */
    void end(Blob chunkBlob) {
        if (!batch.isEmpty()) {
            endBatch();
        }
        last = chunkBlob;
    }

    /**
     * Sends what may be sent, and finds out what was confirmed or has failed.
     *
     * @return whether the chunk blob is confirmed
     */
    boolean advance() {
        if (!intentConfirmed) {
            if (!isDone(intent)) {
                return false;
            }
            Stages.await(intent);
            intentConfirmed = true;
            progress.intentWritten(chunk);
        }
        while (!held.isEmpty()) {
            send(held.remove());
        }
        // A full store is noticed at the next batch, not at the end of the chunk.
        unconfirmed.removeIf(stage -> {
            boolean done = isDone(stage);
            if (done) {
                Stages.await(stage);
            }
            return done;
        });
        if (chunkWritten == null && last != null && unconfirmed.isEmpty()) {
            progress.bucketsConfirmed(chunk);
            progress.beforeWriting();
            chunkWritten = blobs.put(List.of(last));
        }
        if (chunkWritten == null || !isDone(chunkWritten)) {
            return false;
        }
        Stages.await(chunkWritten);
        return true;
    }

    private void send(List<Blob> sending) {
        progress.beforeWriting();
        unconfirmed.add(blobs.put(sending));
        for (Blob blob : sending) {
            bytesHeld -= blob.sealed().length;
        }
        progress.bucketsSent(sending.size());
    }

    /** Waits for whatever holds it up at the moment. */
    void awaitSomething() {
        CompletionStage<Void> first = intentConfirmed ? unconfirmed.peek() : intent;
        CompletionStage<Void> awaited = first == null ? chunkWritten : first;
        if (awaited != null) {
            Stages.await(awaited);
        }
    }

    private static boolean isDone(CompletionStage<Void> stage) {
        return stage.toCompletableFuture().isDone();
    }
}
