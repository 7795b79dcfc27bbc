package io.penstock.publisher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.publisher.stored.StoredChunk;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Reads a whole version and fails if anything about it is not as the formats promise. */
public final class StrictReader {
    private final DatasetId dataset;
    private final BlobWriter blobs;
    private final StoredBlobs stored;

    public StrictReader(Store store, DatasetId dataset) {
        this.dataset = dataset;
        this.blobs = store.openWriter();
        this.stored = new StoredBlobs(blobs, dataset);
    }

    public Manifest manifest(long generation) {
        Stored<Manifest> read = stored.manifest(generation);
        assertThat(read.state()).as("manifest of %x", generation).isEqualTo(Stored.State.WHOLE);
        return read.require();
    }

    /** Keys and values of a version. */
    public Map<String, String> rows(long generation) {
        TreeMap<String, String> rows = new TreeMap<>();
        Manifest manifest = manifest(generation);
        walk(manifest, rows, new HashSet<>(), new TreeMap<>());
        assertThat(rows).hasSize((int) manifest.getRows());
        return rows;
    }

    /** Every row of a version by its key, as it is stored. */
    public Map<String, Row> stored(long generation) {
        TreeMap<String, Row> rows = new TreeMap<>();
        walk(manifest(generation), new TreeMap<>(), new HashSet<>(), rows);
        return rows;
    }

    /** Every blob a version names. */
    public Set<BlobAddress> named(long generation) {
        Set<BlobAddress> named = new HashSet<>();
        named.add(BlobAddress.manifest(dataset, generation));
        walk(manifest(generation), new TreeMap<>(), named, new TreeMap<>());
        return named;
    }

    private void walk(Manifest manifest, Map<String, String> rows, Set<BlobAddress> named, Map<String, Row> whole) {
        BucketLayout layout = BucketLayout.of(manifest.getLayout());
        long buckets = 0;
        long bytes = 0;
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            long chunkGeneration = manifest.getChunkGenerations(chunk);
            if (chunkGeneration == 0) {
                continue;
            }
            named.add(BlobAddress.chunk(dataset, chunkGeneration, chunk));
            named.add(BlobAddress.digest(dataset, chunkGeneration, chunk));
            StoredChunk read = Stages.await(stored.chunk(chunkGeneration, chunk, layout));
            ChunkTable table = Objects.requireNonNull(read.table(), "chunk " + chunk);
            assertThat(read.hasDigests()).isTrue();
            for (int i = 0; i < table.size(); i++) {
                long generation = table.generationAt(i);
                assertThat(read.digestAt(i) == 0).isEqualTo(generation == 0);
                if (generation == 0) {
                    continue;
                }
                int bucket = (chunk << BucketLayout.CHUNK_BITS) + i;
                BlobAddress address = BlobAddress.bucket(dataset, generation, bucket);
                named.add(address);
                byte[] body = Stages.await(stored.bodies(List.of(address))).get(0);
                assertThat(body).as("%s", address).isNotNull();
                assertThat(layout.digest(Objects.requireNonNull(body))).isEqualTo(read.digestAt(i));
                buckets++;
                bytes += body.length;
                addRows(body, bucket, layout, rows, whole);
            }
        }
        assertThat(buckets).isEqualTo(manifest.getBuckets());
        assertThat(bytes).isEqualTo(manifest.getBytes());
    }

    private static void addRows(
            byte[] body, int bucket, BucketLayout layout, Map<String, String> rows, Map<String, Row> whole) {
        try {
            Bucket parsed = Bucket.parseFrom(body);
            assertThat(parsed.getRowsCount()).isPositive();
            for (Row row : parsed.getRowsList()) {
                assertThat(layout.bucketOf(layout.hash(row.getKey().toByteArray())))
                        .isEqualTo(bucket);
                String before =
                        rows.put(row.getKey().toStringUtf8(), row.getValue().toStringUtf8());
                assertThat(before).isNull();
                whole.put(row.getKey().toStringUtf8(), row);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
