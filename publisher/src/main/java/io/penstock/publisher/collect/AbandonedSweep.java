package io.penstock.publisher.collect;

import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Deletes everything a generation that was never committed wrote. A chunk that is there names all its buckets, and no
 * write of them is on the way any more; without one the intent says that any bucket of the range may be there, or may
 * still come from a publisher that sleeps. Such an intent stays until the last sweep.
 */
final class AbandonedSweep {
    private static final int CHUNKS_AT_ONCE = 64;

    private final DatasetId dataset;
    private final StoredBlobs stored;
    private final BlobWriter blobs;
    private final Deletions deletions;

    AbandonedSweep(StoredBlobs stored, BlobWriter blobs, Deletions deletions) {
        this.dataset = stored.dataset();
        this.stored = stored;
        this.blobs = blobs;
        this.deletions = deletions;
    }

    /**
     * Sweeps.
     *
     * @param last whether nothing of the generation can come any more
     */
    void sweep(long generation, BucketLayout layout, boolean last) {
        for (int from = 0; from < layout.chunks(); from += CHUNKS_AT_ONCE) {
            int to = Math.min(layout.chunks(), from + CHUNKS_AT_ONCE);
            List<BlobAddress> intents = new ArrayList<>();
            for (int chunk = from; chunk < to; chunk++) {
                intents.add(BlobAddress.intent(dataset, generation, chunk));
            }
            List<byte @Nullable []> found = Stages.await(blobs.get(intents));
            for (int chunk = from; chunk < to; chunk++) {
                boolean intended = found.get(chunk - from) != null;
                if (intended || last) {
                    sweepChunk(generation, chunk, layout, intended, last);
                }
            }
        }
        deletions.complete();
        deletions.add(BlobAddress.manifest(dataset, generation));
        deletions.complete();
    }

    private void sweepChunk(long generation, int chunk, BucketLayout layout, boolean intended, boolean last) {
        Stored<ChunkTable> found =
                stored.tables(List.of(generation), chunk, layout).get(0);
        ChunkTable table = found.value();
        if (table == null && !intended && found.state() == Stored.State.MISSING) {
            return;
        }
        for (int i = 0; i < layout.bucketsPerChunk(); i++) {
            if (table == null || table.generationAt(i) == generation) {
                long bucket = ((long) chunk << BucketLayout.CHUNK_BITS) + i;
                deletions.add(BlobAddress.bucket(dataset, generation, bucket));
            }
        }
        deletions.add(BlobAddress.digest(dataset, generation, chunk));
        deletions.complete();
        deletions.add(BlobAddress.chunk(dataset, generation, chunk));
        deletions.complete();
        if (table != null || last) {
            deletions.add(BlobAddress.intent(dataset, generation, chunk));
        }
    }
}
