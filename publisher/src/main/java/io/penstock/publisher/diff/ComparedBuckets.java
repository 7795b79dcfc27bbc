package io.penstock.publisher.diff;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.publisher.diff.RowChange.Kind;
import io.penstock.publisher.diff.RowChange.Presence;
import io.penstock.publisher.stored.BucketBatches;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import io.penstock.store.blob.BlobAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * With the parent's layout a changed bucket is compared with its old blob. Old blobs are read in batches, a few of them
 * on the way while the next buckets are made, so that memory stays bounded by {@value BucketBatches#UNDER_WAY_MAX} batches.
 */
final class ComparedBuckets implements BucketChanges {
    private final StoredBlobs stored;
    private final Changes counts;
    private final RowChanges changes;
    private final long version;
    private final int batchBuckets;
    private final Deque<Batch> reading = new ArrayDeque<>();
    private List<BlobAddress> addresses = new ArrayList<>();
    private List<byte[]> bodies = new ArrayList<>();

    ComparedBuckets(StoredBlobs stored, Changes counts, RowChanges changes, long version, Manifest parent) {
        this.stored = stored;
        this.counts = counts;
        this.changes = changes;
        this.version = version;
        this.batchBuckets = BucketBatches.size(parent.getBytes(), parent.getBuckets());
    }

    private record Batch(List<byte[]> bodies, CompletionStage<List<Stored<Bucket>>> old) {}

    @Override
    public void changed(int bucket, long oldGeneration, int rows, byte[] body) {
        if (oldGeneration == 0) {
            changes.allOf(body, rows, Kind.ADDED, Presence.ABSENT, version);
        } else {
            compare(bucket, oldGeneration, body);
        }
    }

    @Override
    public void emptied(int bucket, long oldGeneration) {
        compare(bucket, oldGeneration, new byte[0]);
    }

    @Override
    public void finish() {
        send();
        while (!reading.isEmpty()) {
            tell(reading.remove());
        }
    }

    private void compare(int bucket, long oldGeneration, byte[] body) {
        addresses.add(BlobAddress.bucket(stored.dataset(), oldGeneration, bucket));
        bodies.add(body);
        if (addresses.size() >= batchBuckets) {
            send();
        }
    }

    private void send() {
        if (addresses.isEmpty()) {
            return;
        }
        reading.add(new Batch(bodies, stored.buckets(addresses)));
        addresses = new ArrayList<>();
        bodies = new ArrayList<>();
        if (reading.size() > BucketBatches.UNDER_WAY_MAX) {
            tell(reading.remove());
        }
    }

    private void tell(Batch batch) {
        List<Stored<Bucket>> old = Stages.await(batch.old());
        for (int i = 0; i < old.size(); i++) {
            Bucket after = parse(batch.bodies().get(i));
            Bucket before = old.get(i).value();
            if (before == null) {
                counts.unreadable(1);
                after.getRowsList().forEach(row -> changes.changed(RowChange.replaced(version, row)));
            } else {
                tell(before, after);
            }
        }
    }

    private void tell(Bucket before, Bucket after) {
        Map<ByteString, Row> gone = new HashMap<>();
        for (Row row : before.getRowsList()) {
            gone.put(row.getKey(), row);
        }
        for (Row row : after.getRowsList()) {
            Row old = gone.remove(row.getKey());
            if (old == null) {
                changes.changed(RowChange.added(version, row));
            } else if (!old.equals(row)) {
                changes.changed(RowChange.updated(version, old, row));
            }
        }
        gone.values().forEach(row -> changes.changed(RowChange.removed(version, row)));
    }

    private static Bucket parse(byte[] body) {
        try {
            return Bucket.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a bucket that was just made is not one", e);
        }
    }
}
