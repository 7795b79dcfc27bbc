package io.penstock.publisher.collect;

import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Deletes what one version's manifest names, whatever generation wrote it, and no live manifest does. Chunk by chunk:
 * the buckets, and once they are gone the chunk that named them; the manifest last. So what a crash leaves is still
 * named by what is there. Holds the tables of one chunk.
 */
final class VersionDeletion {
    private final DatasetId dataset;
    private final StoredBlobs stored;
    private final Deletions deletions;
    private final List<Manifest> live;
    private final List<String> problems = new ArrayList<>();
    private boolean liveUnreadable;

    VersionDeletion(StoredBlobs stored, Deletions deletions, List<Manifest> live) {
        this.dataset = stored.dataset();
        this.stored = stored;
        this.deletions = deletions;
        this.live = live;
    }

    /** Deletes; false if something had to be left, and then {@link #problems} says why. */
    boolean delete(Manifest target) {
        BucketLayout layout = BucketLayout.of(target.getLayout());
        List<Manifest> related = live.stream()
                .filter(manifest -> manifest.getLayout().equals(target.getLayout()))
                .toList();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            long chunkGeneration = target.getChunkGenerations(chunk);
            if (chunkGeneration == 0) {
                continue;
            }
            Set<Long> liveGenerations = new LinkedHashSet<>();
            for (Manifest manifest : related) {
                liveGenerations.add(manifest.getChunkGenerations(chunk));
            }
            if (!liveGenerations.contains(chunkGeneration)) {
                liveGenerations.remove(0L);
                deleteChunk(chunkGeneration, chunk, List.copyOf(liveGenerations), layout);
            }
            if (chunkGeneration == target.getGeneration()) {
                deletions.add(BlobAddress.intent(dataset, chunkGeneration, chunk));
            }
        }
        if (liveUnreadable) {
            return false;
        }
        deletions.complete();
        deletions.add(BlobAddress.manifest(dataset, target.getGeneration()));
        deletions.complete();
        return true;
    }

    private void deleteChunk(long chunkGeneration, int chunk, List<Long> liveGenerations, BucketLayout layout) {
        List<Long> all = new ArrayList<>(liveGenerations);
        all.add(chunkGeneration);
        List<Stored<ChunkTable>> tables = stored.tables(all, chunk, layout);
        List<ChunkTable> liveTables = new ArrayList<>();
        for (Stored<ChunkTable> table : tables.subList(0, liveGenerations.size())) {
            if (table.value() == null) {
                liveUnreadable = true;
                problems.add(dataset.name() + ": chunk " + chunk + " of a live version is " + table.state()
                        + ", so what it needs is unknown and nothing beside it was deleted; publish a snapshot of the"
                        + " data");
                return;
            }
            liveTables.add(table.value());
        }
        Stored<ChunkTable> doomed = tables.get(liveGenerations.size());
        ChunkTable table = doomed.value();
        if (table != null) {
            deleteBuckets(chunk, table, liveTables);
        } else if (doomed.state() == Stored.State.DAMAGED) {
            problems.add(dataset.name() + ": chunk " + chunk
                    + " of a retired version is damaged, so its buckets were left; 'penstock gc --full' finds them");
        }
        deletions.complete();
        deletions.add(BlobAddress.chunk(dataset, chunkGeneration, chunk));
        deletions.add(BlobAddress.digest(dataset, chunkGeneration, chunk));
    }

    private void deleteBuckets(int chunk, ChunkTable doomed, List<ChunkTable> liveTables) {
        for (int i = 0; i < doomed.size(); i++) {
            long generation = doomed.generationAt(i);
            if (generation != 0 && !isNamed(generation, i, liveTables)) {
                long bucket = ((long) chunk << BucketLayout.CHUNK_BITS) + i;
                deletions.add(BlobAddress.bucket(dataset, generation, bucket));
            }
        }
    }

    private static boolean isNamed(long generation, int index, List<ChunkTable> liveTables) {
        for (ChunkTable table : liveTables) {
            if (table.generationAt(index) == generation) {
                return true;
            }
        }
        return false;
    }

    List<String> problems() {
        return problems;
    }
}
