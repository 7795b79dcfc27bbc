package io.penstock.publisher.write;

import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Step;
import io.penstock.publisher.stored.Stages;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DigestChunk;
import io.penstock.storage.v1.Intent;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.layout.BucketLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Writes the changed buckets of a generation so that whatever a kill leaves can be found: the layout into the catalog
 * before the first blob; for each chunk its intent, confirmed before the first bucket; then buckets and digests as they
 * come; the chunk last, once all of them are confirmed. A chunk that is there therefore says that no write of its buckets
 * is on the way any more. Not thread-safe.
 */
public final class VersionWriter implements VersionSink {
    private static final int BATCH_BLOBS_MAX = 256;
    private static final int BATCH_BYTES_MAX = 256 << 10;

    private final BlobWriter blobs;
    private final DatasetId dataset;
    private final long generation;
    private final BucketLayout layout;
    private final Guard guard;
    private final Throttle throttle;
    private final PublicationObserver observer;

    private final List<WrittenChunk> written = new ArrayList<>();
    private final List<CompletionStage<Void>> unconfirmed = new ArrayList<>();
    private List<Blob> batch = new ArrayList<>();
    private int batchBytes;
    private int openChunk = -1;
    private boolean layoutRecorded;

    public VersionWriter(
            BlobWriter blobs,
            DatasetId dataset,
            long generation,
            BucketLayout layout,
            Guard guard,
            Throttle throttle,
            PublicationObserver observer) {
        this.blobs = blobs;
        this.dataset = dataset;
        this.generation = generation;
        this.layout = layout;
        this.guard = guard;
        this.throttle = throttle;
        this.observer = observer;
    }

    /** What must be true before something is written. */
    public interface Guard {
        /** Throws unless this publisher may still write. */
        void checkAlive();

        /** Records the layout in the catalog; called once, before the first blob. */
        void recordLayout();
    }

    @Override
    public void bucket(int bucket, byte[] body) {
        open(BucketLayout.chunkOf(bucket));
        add(BlobAddress.bucket(dataset, generation, bucket), body);
        if (batch.size() >= BATCH_BLOBS_MAX || batchBytes >= BATCH_BYTES_MAX) {
            send();
        }
    }

    @Override
    public void chunk(int chunk, Chunk table, DigestChunk digests) {
        open(chunk);
        byte[] tableBody = table.toByteArray();
        byte[] digestsBody = digests.toByteArray();
        add(BlobAddress.digest(dataset, generation, chunk), digestsBody);
        send();
        unconfirmed.forEach(Stages::await);
        unconfirmed.clear();
        observer.at(Step.BUCKETS_CONFIRMED, dataset + " chunk " + chunk);
        guard.checkAlive();
        Stages.await(blobs.put(List.of(Blob.of(BlobAddress.chunk(dataset, generation, chunk), tableBody))));
        written.add(new WrittenChunk(chunk, layout.digest(tableBody), layout.digest(digestsBody)));
        openChunk = -1;
        observer.at(Step.CHUNK_WRITTEN, dataset + " chunk " + chunk);
    }

    /** The chunks written, ascending. */
    public List<WrittenChunk> written() {
        return List.copyOf(written);
    }

    private void open(int chunk) {
        if (chunk == openChunk) {
            return;
        }
        if (openChunk >= 0) {
            throw new IllegalStateException("chunk " + openChunk + " was not finished before chunk " + chunk);
        }
        if (!layoutRecorded) {
            guard.recordLayout();
            layoutRecorded = true;
        }
        guard.checkAlive();
        byte[] intent = Intent.newBuilder().setChunk(chunk).build().toByteArray();
        Stages.await(blobs.put(List.of(Blob.of(BlobAddress.intent(dataset, generation, chunk), intent))));
        openChunk = chunk;
        observer.at(Step.INTENT_WRITTEN, dataset + " chunk " + chunk);
    }

    private void add(BlobAddress address, byte[] body) {
        batch.add(Blob.of(address, body));
        batchBytes += body.length;
    }

    private void send() {
        guard.checkAlive();
        int sent = batch.size();
        int bytes = batchBytes;
        unconfirmed.add(blobs.put(batch));
        batch = new ArrayList<>();
        batchBytes = 0;
        failEarly();
        observer.at(Step.BUCKETS_SENT, dataset + ": " + sent + " blobs");
        throttle.moved(bytes);
    }

    /** A full store is noticed at the next batch, not at the end of the chunk. */
    private void failEarly() {
        for (CompletionStage<Void> stage : unconfirmed) {
            if (stage.toCompletableFuture().isCompletedExceptionally()) {
                Stages.await(stage);
            }
        }
    }
}
