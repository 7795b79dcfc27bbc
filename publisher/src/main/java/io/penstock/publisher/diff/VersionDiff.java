package io.penstock.publisher.diff;

import io.penstock.publisher.diff.RowChange.Kind;
import io.penstock.publisher.diff.RowChange.Presence;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.StoredChunk;
import io.penstock.publisher.write.BucketStream;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Streams the new version's buckets against the parent's, chunk by chunk, and hands on what changed. With the parent's
 * layout a bucket with the same digest keeps its generation, and a chunk whose buckets all do is shared; with another
 * layout everything is written. Holds two chunks and a bounded number of buckets. Used once; not thread-safe.
 */
final class VersionDiff {
    private final NewVersion target;
    private final Parent parent;
    private final BucketChanges changes;
    private final boolean comparable;
    private final List<Long> chunkGenerations = new ArrayList<>();

    /** @param changes is told which buckets changed */
    VersionDiff(NewVersion target, BucketChanges changes) {
        this.target = target;
        this.parent = target.parent();
        this.changes = changes;
        this.comparable = parent.hasLayout(target.layout());
    }

    /** Takes all buckets; returns the generation of each chunk. */
    List<Long> run(BucketStream buckets) {
        CompletionStage<StoredChunk> next = before(0);
        int chunks = target.layout().chunks();
        for (int chunk = 0; chunk < chunks; chunk++) {
            StoredChunk before = Stages.await(next);
            if (chunk + 1 < chunks) {
                next = before(chunk + 1);
            }
            chunkGenerations.add(chunk(chunk, before, buckets));
        }
        changes.finish();
        return chunkGenerations;
    }

    private CompletionStage<StoredChunk> before(int chunk) {
        return target.stored().chunk(parentChunk(chunk), chunk, target.layout());
    }

    private long parentChunk(int chunk) {
        return comparable ? parent.requireManifest().getChunkGenerations(chunk) : 0;
    }

    /** Takes the buckets of one chunk; returns the generation of its chunk blob. */
    private long chunk(int chunk, StoredChunk before, BucketStream buckets) {
        ChunkTable table = before.table();
        NewChunk draft = target.chunk(chunk);
        SpareBuckets spares = SpareBuckets.of(table == null ? ChunkTable.empty(0) : table);
        while (buckets.peekBucket() >= 0 && BucketLayout.chunkOf(buckets.peekBucket()) == chunk) {
            buckets.next();
            target.counts().present(buckets.rows(), buckets.body().length);
            if (table == null) {
                draft.write(buckets.bucket(), buckets.body(), target.layout().digest(buckets.body()));
                target.counts().unreadable(1);
                target.changes()
                        .allOf(buckets.body(), buckets.rows(), Kind.UPDATED, Presence.UNKNOWN, target.version());
            } else {
                compare(buckets, table, before, draft, spares);
            }
        }
        if (table != null) {
            findEmptied(table, draft);
        }
        return draft.finish(comparable ? table : null, parentChunk(chunk), spares::bodies);
    }

    private void compare(
            BucketStream buckets, ChunkTable table, StoredChunk before, NewChunk draft, SpareBuckets spares) {
        int bucket = buckets.bucket();
        int index = BucketLayout.indexInChunk(bucket);
        long oldGeneration = table.generationAt(index);
        long digest = target.layout().digest(buckets.body());
        boolean same = oldGeneration != 0 && before.digestAt(index) == digest;
        if (same && !target.isLost(oldGeneration, bucket)) {
            draft.keep(index, oldGeneration, digest);
            spares.kept(bucket, oldGeneration, buckets.body());
            return;
        }
        draft.write(bucket, buckets.body(), digest);
        if (same) {
            target.counts().healed();
        } else {
            changes.changed(bucket, oldGeneration, buckets.rows(), buckets.body());
        }
    }

    private void findEmptied(ChunkTable table, NewChunk draft) {
        for (int i = 0; i < table.size(); i++) {
            long oldGeneration = table.generationAt(i);
            if (oldGeneration != 0 && draft.generationAt(i) == 0) {
                changes.emptied(draft.firstBucket() + i, oldGeneration);
            }
        }
    }
}
