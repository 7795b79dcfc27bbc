package io.penstock.publisher.compare;

import com.google.protobuf.ByteString;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks single rows up in stored versions, as a server would, but always strongly. */
public final class RowLookup {
    private final StoredBlobs stored;

    public RowLookup(StoredBlobs stored) {
        this.stored = stored;
    }

    /**
     * The row of a key; null if the version does not have it.
     *
     * @throws io.penstock.publisher.PublisherException {@code DATA_LOSS} if what would hold it is missing or damaged
     */
    public @Nullable Row find(Manifest version, byte[] key) {
        BucketLayout layout = BucketLayout.of(version.getLayout());
        int bucket = layout.bucketOf(layout.hash(key));
        int chunk = BucketLayout.chunkOf(bucket);
        long chunkGeneration = version.getChunkGenerations(chunk);
        if (chunkGeneration == 0) {
            return null;
        }
        Stored<ChunkTable> table =
                stored.tables(List.of(chunkGeneration), chunk, layout).get(0);
        if (table.value() == null) {
            throw VersionComparison.damaged(stored, version, "chunk " + chunk + " is " + table.state());
        }
        long generation = table.value().generationAt(BucketLayout.indexInChunk(bucket));
        if (generation == 0) {
            return null;
        }
        BlobAddress address = BlobAddress.bucket(stored.dataset(), generation, bucket);
        Stored<Bucket> read = Stages.await(stored.buckets(List.of(address))).get(0);
        if (read.value() == null) {
            throw VersionComparison.damaged(stored, version, "bucket " + bucket + " is " + read.state());
        }
        ByteString wanted = ByteString.copyFrom(key);
        for (Row row : read.value().getRowsList()) {
            if (row.getKey().equals(wanted)) {
                return row;
            }
        }
        return null;
    }
}
