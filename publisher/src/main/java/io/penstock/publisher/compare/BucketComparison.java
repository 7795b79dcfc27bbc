package io.penstock.publisher.compare;

import com.google.protobuf.ByteString;
import io.penstock.publisher.stored.BucketBatches;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.publisher.stored.StoredChunk;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Two versions of one layout, bucket by bucket. Used once; not thread-safe. */
final class BucketComparison {
    private final StoredBlobs stored;
    private final Manifest before;
    private final Manifest after;
    private final BucketLayout layout;
    private final Consumer<RowDifference> found;
    private final int batchBuckets;

    private final Deque<Batch> reading = new ArrayDeque<>();
    private List<Pair> pairs = new ArrayList<>();
    private long compared;

    BucketComparison(StoredBlobs stored, Manifest before, Manifest after, Consumer<RowDifference> found) {
        this.stored = stored;
        this.before = before;
        this.after = after;
        this.layout = BucketLayout.of(after.getLayout());
        this.found = found;
        this.batchBuckets = BucketBatches.size(
                before.getBytes() + after.getBytes(), Math.max(before.getBuckets(), after.getBuckets()));
    }

    /** A bucket that may differ; generation 0 = it is empty. */
    private record Pair(int bucket, long oldGeneration, long newGeneration) {}

    private record Batch(List<Pair> pairs, CompletionStage<List<Stored<Bucket>>> buckets) {}

    /** Returns how many pairs of buckets had to be read. */
    long run() {
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            if (before.getChunkGenerations(chunk) != after.getChunkGenerations(chunk)) {
                compareChunk(chunk);
            }
        }
        send();
        while (!reading.isEmpty()) {
            compare(reading.remove());
        }
        return compared;
    }

    private void compareChunk(int chunk) {
        CompletionStage<StoredChunk> oldRead = stored.chunk(before.getChunkGenerations(chunk), chunk, layout);
        CompletionStage<StoredChunk> newRead = stored.chunk(after.getChunkGenerations(chunk), chunk, layout);
        StoredChunk oldChunk = Stages.await(oldRead);
        StoredChunk newChunk = Stages.await(newRead);
        ChunkTable oldTable = oldChunk.table();
        ChunkTable newTable = newChunk.table();
        if (oldTable == null || newTable == null) {
            throw VersionComparison.damaged(
                    stored, oldTable == null ? before : after, "chunk " + chunk + " is missing or damaged");
        }
        for (int i = 0; i < layout.bucketsPerChunk(); i++) {
            long oldGeneration = oldTable.generationAt(i);
            long newGeneration = newTable.generationAt(i);
            long digest = oldChunk.digestAt(i);
            boolean same = oldGeneration == newGeneration || (digest != 0 && digest == newChunk.digestAt(i));
            if (!same) {
                pairs.add(new Pair((chunk << BucketLayout.CHUNK_BITS) + i, oldGeneration, newGeneration));
                if (pairs.size() >= batchBuckets) {
                    send();
                }
            }
        }
    }

    private void send() {
        if (pairs.isEmpty()) {
            return;
        }
        List<BlobAddress> addresses = new ArrayList<>();
        for (Pair pair : pairs) {
            for (long generation : new long[] {pair.oldGeneration(), pair.newGeneration()}) {
                if (generation != 0) {
                    addresses.add(BlobAddress.bucket(stored.dataset(), generation, pair.bucket()));
                }
            }
        }
        reading.add(new Batch(pairs, stored.buckets(addresses)));
        pairs = new ArrayList<>();
        if (reading.size() > BucketBatches.UNDER_WAY_MAX) {
            compare(reading.remove());
        }
    }

    private void compare(Batch batch) {
        List<Stored<Bucket>> buckets = Stages.await(batch.buckets());
        int next = 0;
        for (Pair pair : batch.pairs()) {
            Bucket old = Bucket.getDefaultInstance();
            Bucket now = Bucket.getDefaultInstance();
            if (pair.oldGeneration() != 0) {
                old = require(buckets.get(next++), before, pair.bucket());
            }
            if (pair.newGeneration() != 0) {
                now = require(buckets.get(next++), after, pair.bucket());
            }
            compare(old, now);
            compared++;
        }
    }

    private Bucket require(Stored<Bucket> read, Manifest version, int bucket) {
        Bucket value = read.value();
        if (value == null) {
            throw VersionComparison.damaged(stored, version, "bucket " + bucket + " is " + read.state());
        }
        return value;
    }

    private void compare(Bucket old, Bucket now) {
        Map<ByteString, Row> gone = new LinkedHashMap<>();
        old.getRowsList().forEach(row -> gone.put(row.getKey(), row));
        for (Row row : now.getRowsList()) {
            Row oldRow = gone.remove(row.getKey());
            if (!row.equals(oldRow)) {
                found.accept(new RowDifference(oldRow, row));
            }
        }
        gone.values().forEach(row -> found.accept(new RowDifference(row, null)));
    }
}
