package io.penstock.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.blob.Seal;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Reads a whole store through the SPI, checking everything on the way, and says which blobs nobody names. */
public final class StoreAudit {
    private final Store store;
    private final String namespace;

    public StoreAudit(Store store, String namespace) {
        this.store = store;
        this.namespace = namespace;
    }

    public CatalogSnapshot catalog() {
        return new CatalogClient(store.catalog(namespace), namespace, new Random()).require();
    }

    public DatasetEntry dataset(String name) {
        return requireNonNull(catalog().dataset(name), name);
    }

    /** Asserts that what is current has exactly the rows of {@code data} in one state. */
    public void assertCurrentIs(TestData data, long state) {
        DatasetEntry entry = dataset(data.dataset());
        Map<String, byte[]> rows = rows(new DatasetId(namespace, data.dataset()), entry.getCurrent());
        assertThat(rows).hasSize(data.rows());
        for (int row = 0; row < data.rows(); row++) {
            assertThat(rows.get(data.key(row))).isEqualTo(data.value(row, state));
        }
    }

    /** The state that what is current says it is in, by the first row that changes with it. */
    public long currentState(TestData data) {
        Map<String, byte[]> rows = rows(
                new DatasetId(namespace, data.dataset()),
                dataset(data.dataset()).getCurrent());
        int row = 0;
        while (data.stateOf(row, 1) == 0) {
            row++;
        }
        return data.stateIn(requireNonNull(rows.get(data.key(row))));
    }

    /** Every row of a version. */
    public Map<String, byte[]> rows(DatasetId dataset, long generation) {
        Map<String, byte[]> rows = new HashMap<>();
        try (BlobWriter blobs = store.openWriter()) {
            Manifest manifest = manifest(blobs, dataset, generation);
            BucketLayout layout = BucketLayout.of(manifest.getLayout());
            for (BlobAddress address : buckets(blobs, dataset, manifest)) {
                Bucket bucket = Bucket.parseFrom(body(blobs, address));
                for (Row row : bucket.getRowsList()) {
                    assertThat(layout.bucketOf(layout.hash(row.getKey().toByteArray())))
                            .isEqualTo((int) address.number());
                    rows.put(row.getKey().toStringUtf8(), row.getValue().toByteArray());
                }
            }
            assertThat(manifest.getRows()).isEqualTo(rows.size());
            return rows;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** Asserts that the store holds exactly the blobs that the versions in the catalog name. */
    public void assertNoBlobIsLeftOver() {
        Set<String> named = new TreeSet<>();
        try (BlobWriter blobs = store.openWriter()) {
            for (DatasetEntry entry : catalog().catalog().getDatasetsList()) {
                DatasetId dataset = new DatasetId(namespace, entry.getName());
                for (VersionEntry version : entry.getVersionsList()) {
                    named.addAll(namedBy(blobs, dataset, version.getGeneration()));
                }
            }
            Set<String> stored = new TreeSet<>();
            blobs.scan(namespace, address -> stored.add(address.keyName()));
            assertThat(stored).isEqualTo(named);
        }
    }

    /** The size of every blob of the namespace, seal included. */
    public Map<BlobAddress, Integer> sizes() {
        Map<BlobAddress, Integer> sizes = new HashMap<>();
        try (BlobWriter blobs = store.openWriter()) {
            List<BlobAddress> addresses = new ArrayList<>();
            blobs.scan(namespace, addresses::add);
            for (BlobAddress address : addresses) {
                byte[] sealed =
                        blobs.get(List.of(address)).toCompletableFuture().join().get(0);
                sizes.put(address, requireNonNull(sealed).length);
            }
        }
        return sizes;
    }

    private Set<String> namedBy(BlobWriter blobs, DatasetId dataset, long generation) {
        Set<String> named = new HashSet<>();
        Manifest manifest = manifest(blobs, dataset, generation);
        named.add(BlobAddress.manifest(dataset, generation).keyName());
        for (int chunk = 0; chunk < manifest.getChunkGenerationsCount(); chunk++) {
            long writer = manifest.getChunkGenerations(chunk);
            if (writer != 0) {
                named.add(BlobAddress.chunk(dataset, writer, chunk).keyName());
                named.add(BlobAddress.digest(dataset, writer, chunk).keyName());
            }
        }
        for (BlobAddress bucket : buckets(blobs, dataset, manifest)) {
            named.add(bucket.keyName());
        }
        return named;
    }

    /** The addresses of all buckets of a version that have rows. */
    public List<BlobAddress> buckets(DatasetId dataset, long generation) {
        try (BlobWriter blobs = store.openWriter()) {
            return buckets(blobs, dataset, manifest(blobs, dataset, generation));
        }
    }

    private List<BlobAddress> buckets(BlobWriter blobs, DatasetId dataset, Manifest manifest) {
        List<BlobAddress> addresses = new ArrayList<>();
        BucketLayout layout = BucketLayout.of(manifest.getLayout());
        assertThat(manifest.getChunkGenerationsCount()).isEqualTo(layout.chunks());
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            long writer = manifest.getChunkGenerations(chunk);
            if (writer == 0) {
                continue;
            }
            ChunkTable table = chunk(blobs, BlobAddress.chunk(dataset, writer, chunk), layout);
            for (int i = 0; i < table.size(); i++) {
                if (table.generationAt(i) != 0) {
                    int bucket = chunk * BucketLayout.CHUNK_BUCKETS + i;
                    addresses.add(BlobAddress.bucket(dataset, table.generationAt(i), bucket));
                }
            }
        }
        assertThat(addresses).hasSize((int) manifest.getBuckets());
        return addresses;
    }

    private ChunkTable chunk(BlobWriter blobs, BlobAddress address, BucketLayout layout) {
        try {
            return ChunkTable.of(Chunk.parseFrom(body(blobs, address)), layout.bucketsPerChunk());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private Manifest manifest(BlobWriter blobs, DatasetId dataset, long generation) {
        try {
            return Manifest.parseFrom(body(blobs, BlobAddress.manifest(dataset, generation)));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] body(BlobWriter blobs, BlobAddress address) {
        byte[] sealed = blobs.get(List.of(address)).toCompletableFuture().join().get(0);
        assertThat(sealed).as(address.keyName()).isNotNull();
        assertThat(Seal.verify(ByteBuffer.wrap(sealed), address.keyNameBytes()))
                .as(address.keyName())
                .isTrue();
        return Arrays.copyOf(sealed, sealed.length - Seal.BYTES);
    }
}
