package io.penstock.publisher.diff;

import io.penstock.publisher.sort.SortedRows;
import io.penstock.publisher.stored.BucketBatches;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredChunk;
import io.penstock.publisher.write.KeyOrder;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.LostBucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * Applies the rows of an upsert or a delta to the parent, in the parent's layout. It reads the chunks and buckets that the
 * rows fall into, and no others; every other chunk is shared. Old buckets are read in batches, a few of them on the way
 * while the next rows are taken, so that memory stays bounded. Used once; not thread-safe.
 */
final class VersionUpdate {
    private static final int BATCH_BYTES_MAX = 1 << 20;

    private final NewVersion target;
    private final Manifest parent;
    private final BucketLayout layout;
    private final KeyOrder order;
    private final BucketUpdate update;
    private final int batchBuckets;

    VersionUpdate(NewVersion target, RowRules rules) {
        this.target = target;
        this.parent = target.parent().requireManifest();
        this.layout = target.layout();
        this.order = new KeyOrder(rules.limits());
        this.update = new BucketUpdate(layout, rules, target.version(), target.counts(), target.changes());
        this.batchBuckets = BucketBatches.size(parent.getBytes(), parent.getBuckets());
    }

    /** The rows that fall into each bucket; none for one that is only to be written again. */
    private record Batch(Map<Integer, List<SourceRow>> buckets, CompletionStage<List<Stored<Bucket>>> before) {}

    /** Takes all rows; returns the generation of each chunk. */
    List<Long> run(SortedRows rows) {
        target.counts().startFrom(parent);
        Source source = new Source(rows);
        List<Long> chunkGenerations = new ArrayList<>();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            Set<Integer> lost = lostIn(chunk);
            if (source.isIn(chunk) || !lost.isEmpty()) {
                chunkGenerations.add(chunk(chunk, source, lost));
            } else {
                chunkGenerations.add(parent.getChunkGenerations(chunk));
            }
        }
        return chunkGenerations;
    }

    private Set<Integer> lostIn(int chunk) {
        Set<Integer> buckets = new TreeSet<>();
        for (LostBucket lost : target.lost()) {
            if (BucketLayout.chunkOf(lost.getBucket()) == chunk && lost.getBucket() < layout.buckets()) {
                buckets.add(lost.getBucket());
            }
        }
        return buckets;
    }

    private long chunk(int chunk, Source source, Set<Integer> lost) {
        long chunkGeneration = parent.getChunkGenerations(chunk);
        StoredChunk before = Stages.await(target.stored().chunk(chunkGeneration, chunk, layout));
        ChunkTable table = before.table();
        if (table == null || !before.hasDigests()) {
            throw UnreadableParent.of(target.stored().dataset(), "chunk " + chunk);
        }
        NewChunk draft = target.chunk(chunk);
        for (int i = 0; i < table.size(); i++) {
            draft.keep(i, table.generationAt(i), before.digestAt(i));
        }
        lost.removeIf(bucket -> !target.isLost(table.generationAt(BucketLayout.indexInChunk(bucket)), bucket));
        Deque<Batch> reading = new ArrayDeque<>();
        while (source.isIn(chunk)) {
            reading.add(read(source.next(chunk), table));
            if (reading.size() > BucketBatches.UNDER_WAY_MAX) {
                apply(reading.remove(), table, draft, lost);
            }
        }
        while (!reading.isEmpty()) {
            apply(reading.remove(), table, draft, lost);
        }
        if (!lost.isEmpty()) {
            Map<Integer, List<SourceRow>> again = new TreeMap<>();
            lost.forEach(bucket -> again.put(bucket, List.of()));
            apply(read(again, table), table, draft, Set.copyOf(lost));
        }
        return draft.finish(table, chunkGeneration, () -> spares(table, draft));
    }

    private Batch read(Map<Integer, List<SourceRow>> buckets, ChunkTable table) {
        List<BlobAddress> addresses = new ArrayList<>();
        for (int bucket : buckets.keySet()) {
            long generation = table.generationAt(BucketLayout.indexInChunk(bucket));
            if (generation != 0) {
                addresses.add(BlobAddress.bucket(target.stored().dataset(), generation, bucket));
            }
        }
        return new Batch(buckets, target.stored().buckets(addresses));
    }

    private void apply(Batch batch, ChunkTable table, NewChunk draft, Set<Integer> lost) {
        List<Stored<Bucket>> found = Stages.await(batch.before());
        int at = 0;
        for (Map.Entry<Integer, List<SourceRow>> entry : batch.buckets().entrySet()) {
            int bucket = entry.getKey();
            int index = BucketLayout.indexInChunk(bucket);
            Bucket before = table.generationAt(index) == 0
                    ? Bucket.getDefaultInstance()
                    : found.get(at++).value();
            if (before == null) {
                throw UnreadableParent.of(target.stored().dataset(), "bucket " + bucket);
            }
            byte[] body = update.apply(before, entry.getValue());
            if (body == null) {
                if (lost.contains(bucket)) {
                    byte[] same = before.toByteArray();
                    draft.write(bucket, same, layout.digest(same));
                    target.counts().healed();
                }
            } else if (body.length == 0) {
                draft.keep(index, 0, 0);
            } else {
                draft.write(bucket, body, layout.digest(body));
            }
            if (!entry.getValue().isEmpty()) {
                lost.remove(bucket);
            }
        }
    }

    /** Kept buckets of the generation with the fewest, to be written again. */
    private Map<Integer, byte[]> spares(ChunkTable table, NewChunk draft) {
        SpareBuckets spares = SpareBuckets.of(table);
        Map<Integer, List<SourceRow>> buckets = new TreeMap<>();
        for (int i = 0; i < table.size(); i++) {
            if (spares.wants(table.generationAt(i)) && draft.generationAt(i) == table.generationAt(i)) {
                buckets.put(draft.firstBucket() + i, List.of());
            }
        }
        List<Stored<Bucket>> found = Stages.await(read(buckets, table).before());
        int at = 0;
        for (int bucket : buckets.keySet()) {
            Bucket before = found.get(at++).value();
            if (before == null) {
                throw UnreadableParent.of(target.stored().dataset(), "bucket " + bucket);
            }
            spares.kept(bucket, table.generationAt(BucketLayout.indexInChunk(bucket)), before.toByteArray());
        }
        return spares.bodies();
    }

    /** The sorted rows, a batch of buckets at a time. */
    private final class Source {
        private final SortedRows rows;
        private boolean ended;

        Source(SortedRows rows) {
            this.rows = rows;
            advance();
        }

        private void advance() {
            ended = !rows.next();
            if (!ended) {
                order.next(rows);
            }
        }

        /** Whether the next row falls into the chunk. */
        boolean isIn(int chunk) {
            return !ended && BucketLayout.chunkOf(layout.bucketOf(rows.hash())) == chunk;
        }

        /** The rows of the next few buckets of the chunk, each bucket whole. */
        Map<Integer, List<SourceRow>> next(int chunk) {
            Map<Integer, List<SourceRow>> buckets = new TreeMap<>();
            long bytes = 0;
            while (isIn(chunk)) {
                int bucket = layout.bucketOf(rows.hash());
                boolean full = buckets.size() >= batchBuckets || bytes >= BATCH_BYTES_MAX;
                if (full && !buckets.containsKey(bucket)) {
                    break;
                }
                SourceRow row = SourceRow.of(rows);
                bytes += row.bytes();
                buckets.computeIfAbsent(bucket, number -> new ArrayList<>()).add(row);
                advance();
            }
            return buckets;
        }
    }
}
