package io.penstock.publisher.diff;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
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
final class CountByBucket implements RowCounting {
    private final StoredBlobs stored;
    private final Changes changes;
    private final int batchBuckets;
    private final Deque<Batch> reading = new ArrayDeque<>();
    private List<BlobAddress> addresses = new ArrayList<>();
    private List<byte[]> bodies = new ArrayList<>();

    CountByBucket(StoredBlobs stored, Changes changes, Manifest parent) {
        this.stored = stored;
        this.changes = changes;
        this.batchBuckets = BucketBatches.size(parent.getBytes(), parent.getBuckets());
    }

    private record Batch(List<byte[]> bodies, CompletionStage<List<Stored<Bucket>>> old) {}

    @Override
    public void changed(int bucket, long oldGeneration, int rows, byte[] body) {
        if (oldGeneration == 0) {
            changes.added(rows);
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
            count(reading.remove());
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
            count(reading.remove());
        }
    }

    private void count(Batch batch) {
        List<Stored<Bucket>> old = Stages.await(batch.old());
        for (int i = 0; i < old.size(); i++) {
            Bucket after = parse(batch.bodies().get(i));
            Bucket before = old.get(i).value();
            if (before == null) {
                changes.unreadable(1);
                changes.updated(after.getRowsCount());
            } else {
                count(before, after);
            }
        }
    }

    private void count(Bucket before, Bucket after) {
        Map<ByteString, Row> gone = new HashMap<>();
        for (Row row : before.getRowsList()) {
            gone.put(row.getKey(), row);
        }
        for (Row row : after.getRowsList()) {
            Row old = gone.remove(row.getKey());
            if (old == null) {
                changes.added(1);
            } else if (!old.equals(row)) {
                changes.updated(1);
            }
        }
        changes.removed(gone.size());
    }

    private static Bucket parse(byte[] body) {
        try {
            return Bucket.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a bucket that was just made is not one", e);
        }
    }
}
