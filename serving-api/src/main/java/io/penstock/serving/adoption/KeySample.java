package io.penstock.serving.adoption;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetView;
import io.penstock.storage.v1.Bucket;
import io.penstock.store.blob.BlobAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** Finds some keys a version has, by reading a few of its buckets. Confined to the view loop. */
final class KeySample {
    /** Buckets looked at for each that is wanted: a sparse version may give fewer. */
    private static final int TRIES = 16;

    private final BlobFetcher blobs;
    private final RandomGenerator random;

    KeySample(BlobFetcher blobs, RandomGenerator random) {
        this.blobs = blobs;
        this.random = random;
    }

    /** Completes {@code keys} with those of up to so many buckets; what cannot be read is left out. */
    void take(DatasetView version, int buckets, CompletableFuture<List<String>> keys) {
        List<String> found = new ArrayList<>();
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        for (int bucket : choose(version, buckets)) {
            BlobAddress address = BlobAddress.bucket(version.id(), version.generationOf(bucket), bucket);
            reads.add(blobs.fetch(address, keys)
                    .thenAccept(body -> addKeys(body, found))
                    .exceptionally(error -> null));
        }
        var unused = CompletableFuture.allOf(reads.toArray(CompletableFuture<?>[]::new))
                .thenRun(() -> keys.complete(List.copyOf(found)));
    }

    private Set<Integer> choose(DatasetView version, int buckets) {
        Set<Integer> chosen = new LinkedHashSet<>();
        for (int i = 0; i < buckets * TRIES && chosen.size() < buckets; i++) {
            int bucket = random.nextInt(version.layout().buckets());
            if (version.generationOf(bucket) != 0) {
                chosen.add(bucket);
            }
        }
        return chosen;
    }

    private static void addKeys(byte[] body, List<String> found) {
        try {
            Bucket.parseFrom(body)
                    .getRowsList()
                    .forEach(row -> found.add(row.getKey().toStringUtf8()));
        } catch (InvalidProtocolBufferException e) {
            throw new LoadException(Reason.REASON_BUCKET_CORRUPT, "not a bucket");
        }
    }
}
