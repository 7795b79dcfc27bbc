package io.penstock.publisher.diff;

import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.publisher.stored.StoredChunk;
import io.penstock.publisher.write.BucketStream;
import io.penstock.publisher.write.VersionSink;
import io.penstock.storage.v1.LostBucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Streams the new version's buckets against the parent's, chunk by chunk, and hands on what changed. With the parent's
 * layout a bucket with the same digest keeps its generation, and a chunk whose buckets all do is shared; with another
 * layout everything is written. Holds two chunks and a bounded number of buckets. Used once; not thread-safe.
 */
public final class VersionDiff {
    private final long generation;
    private final BucketLayout layout;
    private final Parent parent;
    private final Set<LostBucket> lost;
    private final StoredBlobs stored;
    private final VersionSink sink;
    private final boolean comparable;
    private final Changes changes = new Changes();
    private final RowCounting counting;
    private final List<Long> chunkGenerations = new ArrayList<>();

    /**
     * @param generation the publication's own
     * @param lost buckets that servers could not read; they are written again even if nothing changed
     */
    public VersionDiff(
            long generation,
            BucketLayout layout,
            Parent parent,
            Set<LostBucket> lost,
            StoredBlobs stored,
            VersionSink sink) {
        this.generation = generation;
        this.layout = layout;
        this.parent = parent;
        this.lost = lost;
        this.stored = stored;
        this.sink = sink;
        this.comparable = parent.hasLayout(layout);
        this.counting = counting();
    }

    /**
     * What came of it.
     *
     * @param chunkGenerations for the manifest
     * @param sameBuckets whether the version is the parent, bucket by bucket
     */
    public record Result(List<Long> chunkGenerations, Changes changes, boolean sameBuckets) {}

    private RowCounting counting() {
        Manifest manifest = parent.manifest();
        if (manifest == null) {
            return new CountAll(changes, parent.exists());
        }
        if (comparable) {
            return new CountByBucket(stored, changes, manifest);
        }
        return new CountByMerge(new ParentRows(stored, manifest), layout, changes);
    }

    public Result run(BucketStream buckets) {
        CompletionStage<StoredChunk> next = before(0);
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            StoredChunk before = Stages.await(next);
            if (chunk + 1 < layout.chunks()) {
                next = before(chunk + 1);
            }
            chunkGenerations.add(chunk(chunk, before, buckets));
        }
        counting.finish();
        sink.finish();
        boolean same =
                comparable && chunkGenerations.equals(parent.requireManifest().getChunkGenerationsList());
        return new Result(chunkGenerations, changes, same);
    }

    private CompletionStage<StoredChunk> before(int chunk) {
        long chunkGeneration = comparable ? parent.requireManifest().getChunkGenerations(chunk) : 0;
        return stored.chunk(chunkGeneration, chunk, layout);
    }

    /** Takes the buckets of one chunk; returns the generation of its chunk blob. */
    private long chunk(int chunk, StoredChunk before, BucketStream buckets) {
        ChunkTable table = before.table();
        ChunkDraft draft = new ChunkDraft(layout.bucketsPerChunk());
        SpareBuckets spares = SpareBuckets.of(table == null ? ChunkTable.empty(0) : table);
        while (buckets.peekBucket() >= 0 && BucketLayout.chunkOf(buckets.peekBucket()) == chunk) {
            buckets.next();
            changes.present(buckets.rows(), buckets.body().length);
            if (table == null) {
                write(buckets, draft, layout.digest(buckets.body()));
                changes.unreadable(1);
                changes.updated(buckets.rows());
            } else {
                compare(buckets, table, before, draft, spares);
            }
        }
        if (table != null) {
            countEmptied(chunk, table, draft);
            if (comparable && draft.sameBucketsAs(table)) {
                return parent.requireManifest().getChunkGenerations(chunk);
            }
        }
        if (draft.isEmpty()) {
            return 0;
        }
        if (draft.needsMoreGenerationsThanAllowed()) {
            writeSpares(spares, draft);
        }
        sink.chunk(chunk, draft.toChunk(), draft.toDigestChunk());
        return generation;
    }

    private void compare(
            BucketStream buckets, ChunkTable table, StoredChunk before, ChunkDraft draft, SpareBuckets spares) {
        int bucket = buckets.bucket();
        int index = BucketLayout.indexInChunk(bucket);
        long oldGeneration = table.generationAt(index);
        long digest = layout.digest(buckets.body());
        boolean same = oldGeneration != 0 && before.digestAt(index) == digest;
        if (same && !isLost(oldGeneration, bucket)) {
            draft.set(index, oldGeneration, digest);
            spares.kept(bucket, oldGeneration, buckets.body());
            return;
        }
        write(buckets, draft, digest);
        if (same) {
            changes.healed();
        } else {
            counting.changed(bucket, oldGeneration, buckets.rows(), buckets.body());
        }
    }

    private void write(BucketStream buckets, ChunkDraft draft, long digest) {
        byte[] body = buckets.body();
        draft.set(BucketLayout.indexInChunk(buckets.bucket()), generation, digest);
        sink.bucket(buckets.bucket(), body);
        changes.written(body.length);
    }

    private boolean isLost(long oldGeneration, int bucket) {
        return !lost.isEmpty()
                && lost.contains(LostBucket.newBuilder()
                        .setGeneration(oldGeneration)
                        .setBucket(bucket)
                        .build());
    }

    private void countEmptied(int chunk, ChunkTable table, ChunkDraft draft) {
        for (int i = 0; i < draft.size(); i++) {
            long oldGeneration = table.generationAt(i);
            if (oldGeneration != 0 && draft.generationAt(i) == 0) {
                counting.emptied((chunk << BucketLayout.CHUNK_BITS) + i, oldGeneration);
            }
        }
    }

    private void writeSpares(SpareBuckets spares, ChunkDraft draft) {
        for (Map.Entry<Integer, byte[]> spare : spares.bodies().entrySet()) {
            byte[] body = spare.getValue();
            draft.set(BucketLayout.indexInChunk(spare.getKey()), generation, layout.digest(body));
            sink.bucket(spare.getKey(), body);
            changes.written(body.length);
        }
    }
}
