package io.penstock.publisher.write;

import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.Step;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DigestChunk;
import io.penstock.storage.v1.Intent;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.layout.BucketLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes the changed buckets of a generation so that whatever a kill leaves can be found: the layout into the catalog
 * before the first blob; for each chunk its intent, confirmed before the first bucket; then buckets and digests as they
 * come; the chunk last, once all of them are confirmed. A chunk that is there therefore says that no write of its buckets
 * is on the way any more.
 *
 * <p>The store is never waited for while it has room: the next chunk's buckets are made while the last one's are being
 * confirmed. What is sent is bounded by the store's window; what waits for an intent by {@value #HELD_BYTES_MAX} bytes;
 * and at most {@value #CHUNKS_MAX} chunks are on the way. Not thread-safe.
 */
public final class VersionWriter implements VersionSink {
    private static final int CHUNKS_MAX = 4;
    private static final long HELD_BYTES_MAX = 8 << 20;

    private final BlobWriter blobs;
    private final DatasetId dataset;
    private final long generation;
    private final BucketLayout layout;
    private final Guard guard;
    private final PublicationObserver observer;
    private final ChunkWrite.Progress progress = new Steps();

    private final List<WrittenChunk> written = new ArrayList<>();
    private final Deque<ChunkWrite> underWay = new ArrayDeque<>();
    private @Nullable ChunkWrite open;
    private boolean layoutRecorded;

    public VersionWriter(
            BlobWriter blobs,
            DatasetId dataset,
            long generation,
            BucketLayout layout,
            Guard guard,
            PublicationObserver observer) {
        this.blobs = blobs;
        this.dataset = dataset;
        this.generation = generation;
        this.layout = layout;
        this.guard = guard;
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
        ChunkWrite chunk = open(BucketLayout.chunkOf(bucket));
        if (chunk.add(Blob.of(BlobAddress.bucket(dataset, generation, bucket), body))) {
            advance();
        }
    }

    @Override
    public void chunk(int chunk, Chunk table, DigestChunk digests) {
        ChunkWrite ending = open(chunk);
        byte[] tableBody = table.toByteArray();
        byte[] digestsBody = digests.toByteArray();
        ending.add(Blob.of(BlobAddress.digest(dataset, generation, chunk), digestsBody));
        ending.end(Blob.of(BlobAddress.chunk(dataset, generation, chunk), tableBody));
        written.add(new WrittenChunk(chunk, layout.digest(tableBody), layout.digest(digestsBody)));
        open = null;
        advance();
    }

    @Override
    public void finish() {
        if (open != null) {
            throw new IllegalStateException("chunk " + open.chunk() + " was not finished");
        }
        awaitUntil(underWay::isEmpty);
    }

    /** The chunks written, ascending; all of them are confirmed once it is {@linkplain #finish finished}. */
    public List<WrittenChunk> written() {
        return List.copyOf(written);
    }

    private ChunkWrite open(int chunk) {
        ChunkWrite present = open;
        if (present != null && present.chunk() == chunk) {
            return present;
        }
        if (present != null) {
            throw new IllegalStateException("chunk " + present.chunk() + " was not finished before chunk " + chunk);
        }
        if (!layoutRecorded) {
            guard.recordLayout();
            layoutRecorded = true;
        }
        awaitUntil(() -> underWay.size() < CHUNKS_MAX);
        byte[] intent = Intent.newBuilder().setChunk(chunk).build().toByteArray();
        ChunkWrite opened =
                new ChunkWrite(chunk, blobs, Blob.of(BlobAddress.intent(dataset, generation, chunk), intent), progress);
        underWay.add(opened);
        open = opened;
        return opened;
    }

    /** Does what has become possible; waits only while too much waits for an intent. */
    private void advance() {
        sendAndConfirm();
        awaitUntil(() -> bytesHeld() <= HELD_BYTES_MAX);
    }

    private long bytesHeld() {
        long bytes = 0;
        for (ChunkWrite chunk : underWay) {
            bytes += chunk.bytesHeld();
        }
        return bytes;
    }

    private void awaitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            underWay.element().awaitSomething();
            sendAndConfirm();
        }
    }

    private void sendAndConfirm() {
        underWay.removeIf(chunk -> {
            boolean written = chunk.advance();
            if (written) {
                observer.at(Step.CHUNK_WRITTEN, dataset + " chunk " + chunk.chunk());
            }
            return written;
        });
    }

    private final class Steps implements ChunkWrite.Progress {
        @Override
        public void beforeWriting() {
            guard.checkAlive();
        }

        @Override
        public void intentWritten(int chunk) {
            observer.at(Step.INTENT_WRITTEN, dataset + " chunk " + chunk);
        }

        @Override
        public void bucketsSent(int count) {
            observer.at(Step.BUCKETS_SENT, dataset + ": " + count + " blobs");
        }

        @Override
        public void bucketsConfirmed(int chunk) {
            observer.at(Step.BUCKETS_CONFIRMED, dataset + " chunk " + chunk);
        }
    }
}
