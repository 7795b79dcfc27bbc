package io.penstock.publisher.diff;

import io.penstock.publisher.stored.BucketBatches;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Layout;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A stored version's rows, mostly the parent's, in (hash, key) order, streamed: a few batches of buckets are read ahead.
 * What cannot be read appears as a gap, a range of hashes about which nothing is known. Not thread-safe.
 */
public final class ParentRows {
    private final StoredBlobs stored;
    private final Manifest manifest;
    private final BucketLayout layout;
    private final int batchBuckets;
    private final boolean required;

    private int chunk = -1;
    private @Nullable ChunkTable table;
    private int index;

    private final Deque<Batch> ahead = new ArrayDeque<>();
    private final Deque<Item> items = new ArrayDeque<>();
    private long bucketsUnreadable;

    public ParentRows(StoredBlobs stored, Manifest manifest) {
        this(stored, manifest, false);
    }

    /** @param required whether a bucket that cannot be read ends the publication */
    ParentRows(StoredBlobs stored, Manifest manifest, boolean required) {
        this.stored = stored;
        this.manifest = manifest;
        this.required = required;
        this.layout = BucketLayout.of(manifest.getLayout());
        this.batchBuckets = BucketBatches.size(manifest.getBytes(), manifest.getBuckets());
    }

    /** Of a version that has no rows. */
    static ParentRows none(StoredBlobs stored) {
        Layout smallest = Layout.newBuilder().setBits(BucketLayout.BITS_MIN).build();
        Manifest manifest =
                Manifest.newBuilder().setLayout(smallest).addChunkGenerations(0).build();
        return new ParentRows(stored, manifest, true);
    }

    /**
     * A row, or a gap.
     *
     * @param firstHash the row's hash, or the first of the gap
     * @param lastHash the same, or the last of the gap
     * @param row null for a gap
     */
    public record Item(
            long firstHash, long lastHash, @Nullable Row row) {}

    private record Batch(List<Integer> buckets, CompletionStage<List<Stored<Bucket>>> read) {}

    /** The next row or gap without moving on, or null after the last. */
    public @Nullable Item peek() {
        while (items.isEmpty()) {
            readAhead();
            Batch batch = ahead.poll();
            if (batch == null) {
                return null;
            }
            decode(batch);
        }
        return items.peek();
    }

    /** Moves on. */
    public void skip() {
        items.remove();
    }

    long bucketsUnreadable() {
        return bucketsUnreadable;
    }

    private void readAhead() {
        while (ahead.size() < BucketBatches.UNDER_WAY_MAX) {
            List<Integer> buckets = new ArrayList<>();
            List<BlobAddress> addresses = new ArrayList<>();
            boolean more = fill(buckets, addresses);
            if (!buckets.isEmpty()) {
                ahead.add(new Batch(buckets, stored.buckets(addresses)));
            }
            if (!more) {
                return;
            }
        }
    }

    /** Collects the next buckets of the parent; false when there are no more. */
    private boolean fill(List<Integer> buckets, List<BlobAddress> addresses) {
        while (buckets.size() < batchBuckets) {
            ChunkTable present = table;
            if (present == null || index == present.size()) {
                if (chunk + 1 == layout.chunks()) {
                    return false;
                }
                if (!buckets.isEmpty()) {
                    return true; // they come before what the next chunk has, which may be a gap
                }
                nextChunk();
                continue;
            }
            long generation = present.generationAt(index);
            if (generation != 0) {
                int bucket = (chunk << BucketLayout.CHUNK_BITS) + index;
                buckets.add(bucket);
                addresses.add(BlobAddress.bucket(stored.dataset(), generation, bucket));
            }
            index++;
        }
        return true;
    }

    private void nextChunk() {
        chunk++;
        index = 0;
        long generation = manifest.getChunkGenerations(chunk);
        if (generation == 0) {
            table = ChunkTable.empty(layout.bucketsPerChunk());
            return;
        }
        table = stored.tables(List.of(generation), chunk, layout).get(0).value();
        if (table == null) {
            requireReadable("chunk " + chunk);
            table = ChunkTable.empty(layout.bucketsPerChunk());
            int first = chunk << BucketLayout.CHUNK_BITS;
            unreadableChunk(first, first + layout.bucketsPerChunk() - 1);
        }
    }

    private void requireReadable(String what) {
        if (required) {
            throw UnreadableParent.of(stored.dataset(), what);
        }
    }

    /** A gap as wide as a chunk, in its place behind the buckets that are being read. */
    private void unreadableChunk(int firstBucket, int lastBucket) {
        List<Stored<Bucket>> gaps = new ArrayList<>();
        List<Integer> buckets = new ArrayList<>();
        for (int bucket = firstBucket; bucket <= lastBucket; bucket++) {
            buckets.add(bucket);
            gaps.add(Stored.missing());
        }
        ahead.add(new Batch(buckets, CompletableFuture.completedFuture(gaps)));
    }

    private void decode(Batch batch) {
        List<Stored<Bucket>> read = Stages.await(batch.read());
        for (int i = 0; i < read.size(); i++) {
            Bucket bucket = read.get(i).value();
            if (bucket == null) {
                requireReadable("bucket " + batch.buckets().get(i));
                bucketsUnreadable++;
                long first = (long) batch.buckets().get(i) << (64 - layout.bits());
                items.add(new Item(first, first | -1L >>> layout.bits(), null));
                continue;
            }
            for (Row row : bucket.getRowsList()) {
                long hash = layout.hash(row.getKey().toByteArray());
                items.add(new Item(hash, hash, row));
            }
        }
    }
}
