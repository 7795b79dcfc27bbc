package io.penstock.store.testkit.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Erasure;
import io.penstock.storage.v1.HeldDataset;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.ServerPresence;
import io.penstock.store.DatasetId;
import io.penstock.store.StoreException;
import io.penstock.store.StoreUrl;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.Seal;
import io.penstock.store.catalog.CatalogCodec;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.catalog.CatalogTransitions.Beginning;
import io.penstock.store.catalog.CatalogTransitions.Committing;
import io.penstock.store.catalog.ErasedHashes;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.layout.BucketEncoder;
import io.penstock.store.layout.BucketScanner;
import io.penstock.store.layout.ChunkTable;
import io.penstock.store.presence.PresenceCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What stands in a store, damaged: as it is, which its seal gives away, and with a right seal, as a writer with a defect
 * would leave it.
 */
class StoredFormsFuzzTest {
    private static final String NAMESPACE = "fuzz";
    private static final DatasetId DATASET = new DatasetId(NAMESPACE, "items.v1");
    private static final byte[] KEY = "key-7".getBytes(StandardCharsets.US_ASCII);

    @Test
    void aCatalogIsReadOrRefused() throws Exception {
        Fuzz.bytes("catalog", List.of(catalog())).run(5_000, StoredFormsFuzzTest::readCatalog);
    }

    @Test
    void aCatalogWithARightSealIsReadOrRefused() throws Exception {
        byte[] keyName = CatalogCodec.keyName(NAMESPACE).getBytes(StandardCharsets.US_ASCII);
        Fuzz.bytes("sealed catalog", List.of(unsealed(catalog())))
                .run(5_000, body -> readCatalog(Seal.seal(body, keyName)));
    }

    private static void readCatalog(byte[] value) {
        try {
            Catalog catalog = CatalogCodec.decode(NAMESPACE, value).catalog();
            for (DatasetEntry dataset : catalog.getDatasetsList()) {
                Erasure erasure = dataset.getErasure();
                if (!erasure.getHashes().isEmpty()) {
                    assertThat(erasure.getHashes().size() % ErasedHashes.HASH_BYTES)
                            .isZero();
                    assertThat(erasure.getHashKey().size()).isEqualTo(ErasedHashes.HASH_KEY_BYTES);
                }
            }
        } catch (StoreException e) {
            assertThat(e.code()).isIn(StoreException.Code.CORRUPT, StoreException.Code.NEWER_FORMAT);
        }
    }

    @Test
    void aPresenceRecordIsReadOrLeftOut() throws Exception {
        byte[] record = presence();
        byte[] keyName = PresenceCodec.keyName(NAMESPACE, "server-1").getBytes(StandardCharsets.US_ASCII);
        Fuzz.bytes("presence", List.of(record))
                .run(5_000, bytes -> PresenceCodec.decode(NAMESPACE, "server-1", ByteBuffer.wrap(bytes)));
        Fuzz.bytes("sealed presence", List.of(unsealed(record)))
                .run(
                        5_000,
                        body -> PresenceCodec.decode(NAMESPACE, "server-1", ByteBuffer.wrap(Seal.seal(body, keyName))));
    }

    @Test
    void anAddressIsReadOrIsNoneOfOurs() throws Exception {
        List<String> names = List.of(
                BlobAddress.manifest(DATASET, -1).keyName(),
                BlobAddress.bucket(DATASET, 1, 1 << 29).keyName(),
                BlobAddress.intent(DATASET, Long.MIN_VALUE, 7).keyName());
        Fuzz.text("address", names, ":", "bucket", "0000000000000000", "99999999999", "{", "penstock:")
                .run(5_000, bytes -> BlobAddress.parse(text(bytes)));
    }

    @Test
    void aStoreUrlIsReadOrRefused() throws Exception {
        List<String> urls = List.of(
                "lmdb:./store?map_size=64GiB&max_readers=1024",
                "redis://user:p%40ss@[::1]:6379/3?tls=true&timeout=2s&tls_ca=/etc/ca.pem");
        Fuzz.text("store URL", urls, "%", "?", "&", "=", "@", "//", ":", "%zz").run(5_000, bytes -> {
            try {
                StoreUrl.parse(text(bytes)).redacted();
            } catch (StoreException e) {
                assertThat(e.code()).isEqualTo(StoreException.Code.INVALID_URL);
            }
        });
    }

    @Test
    void aBucketIsSearchedOrMalformed() throws Exception {
        BucketScanner scanner = new BucketScanner();
        Fuzz.bytes("bucket", List.of(bucket())).run(5_000, body -> {
            BucketScanner.Result result = scanner.find(ByteBuffer.wrap(body), 0, body.length, KEY, 0, KEY.length);
            if (result == BucketScanner.Result.FOUND) {
                assertThat(scanner.valueOffset()).isBetween(0, body.length);
                assertThat(scanner.valueOffset() + scanner.valueLength()).isBetween(0, body.length);
            }
        });
    }

    @Test
    void aChunkIsTakenOrRefused() throws Exception {
        byte[] chunk = Chunk.newBuilder()
                .addAllGenerations(List.of(3L, -4L, 5L))
                .setBuckets(ByteString.copyFrom(new byte[] {0, 1, 2, 3, 3, 0, 0, 1}))
                .build()
                .toByteArray();
        Fuzz.bytes("chunk", List.of(chunk)).run(5_000, body -> {
            try {
                ChunkTable table = ChunkTable.of(Chunk.parseFrom(body), 8);
                for (int i = 0; i < table.size(); i++) {
                    table.generationAt(i);
                }
            } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
                // as documented
            }
        });
    }

    private static byte[] catalog() throws CatalogRefusedException {
        Catalog catalog = Catalog.newBuilder()
                .setFormat(CatalogCodec.FORMAT)
                .setStoreId(5)
                .build();
        Instant now = Instant.parse("2026-11-28T00:00:00Z");
        for (long generation = 1; generation <= 3; generation++) {
            catalog = CatalogTransitions.begin(
                            List.of(new Beginning(DATASET.name(), generation)), "owner", Set.of(), "me", now)
                    .apply(catalog);
            catalog = CatalogTransitions.commit(
                            List.of(new Committing(DATASET.name(), generation, null)), generation, now)
                    .apply(catalog);
        }
        Catalog.Builder erased = catalog.toBuilder();
        erased.getDatasetsBuilder(0)
                .setErasure(Erasure.newBuilder()
                        .setHashKey(ByteString.copyFrom(new byte[32]))
                        .setHashes(ByteString.copyFrom(new byte[48])));
        return CatalogCodec.encode(NAMESPACE, new WriteId(1, 2), erased.build());
    }

    private static byte[] presence() {
        HeldDataset held = HeldDataset.newBuilder()
                .setDataset(DATASET.name())
                .setServing(3)
                .setRevision(3)
                .addHeld(2)
                .build();
        return PresenceCodec.encode(
                NAMESPACE,
                PresenceRecord.newBuilder()
                        .setId("server-1")
                        .setCounter(4)
                        .setProcess("server@host/1")
                        .setServer(ServerPresence.newBuilder()
                                .setAddress("127.0.0.1:7070")
                                .addDatasets(held))
                        .build());
    }

    private static byte[] bucket() {
        BucketEncoder encoder = new BucketEncoder();
        for (int i = 5; i < 9; i++) {
            encoder.add(
                    ("key-" + i).getBytes(StandardCharsets.US_ASCII),
                    ("value " + i).getBytes(StandardCharsets.US_ASCII),
                    17 + i);
        }
        return encoder.finish();
    }

    private static byte[] unsealed(byte[] sealed) {
        return Arrays.copyOf(sealed, sealed.length - Seal.BYTES);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
