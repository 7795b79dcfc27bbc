package io.penstock.store.layout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.DigestChunk;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.storage.v1.Intent;
import io.penstock.storage.v1.Layout;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import io.penstock.storage.v1.Move;
import io.penstock.storage.v1.Slot;
import io.penstock.storage.v1.StoredContract;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.Seal;
import io.penstock.store.catalog.CatalogCodec;
import io.penstock.store.catalog.WriteId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Pins the stored forms byte for byte. Whoever has to change the golden file changes what stands in every store: it is
 * written to {@code target/golden-blobs.txt} for comparison when the test fails.
 */
class GoldenBlobsTest {
    private static final DatasetId DATASET = new DatasetId("growth", "customer-360.v1");
    private static final long GENERATION = 0x0123456789abcdefL;
    private static final BucketLayout LAYOUT = new BucketLayout(4, 42);

    @Test
    void everyStoredFormIsTheOneInTheGoldenFile() throws IOException {
        StringBuilder actual = new StringBuilder();
        storedForms()
                .forEach((keyName, value) -> actual.append(keyName)
                        .append(' ')
                        .append(HexFormat.of().formatHex(value))
                        .append('\n'));
        java.nio.file.Files.writeString(java.nio.file.Path.of("target/golden-blobs.txt"), actual);
        assertThat(actual.toString()).isEqualTo(resource("golden/blobs.txt"));
    }

    @Test
    void theHashIsXxh3AsPublished() {
        // Vectors of the reference implementation (xxHash, XXH3_64bits_withSeed) for the empty input.
        assertThat(new BucketLayout(1, 0).hash(new byte[0])).isEqualTo(0x2D06800538D394C2L);
    }

    @Test
    void aBucketReadsBackInItsOrder() throws IOException {
        Bucket bucket = Bucket.parseFrom(bucketBody());
        assertThat(bucket.getRowsList())
                .extracting(row -> row.getKey().toStringUtf8())
                .containsExactly("k-1", "k-2");
        assertThat(bucket.getRows(1).getExpiresAt()).isEqualTo(1_800_000_000_000L);
    }

    private static Map<String, byte[]> storedForms() {
        Map<String, byte[]> forms = new TreeMap<>();
        put(forms, BlobAddress.bucket(DATASET, GENERATION, 7), bucketBody());
        put(forms, BlobAddress.chunk(DATASET, GENERATION, 0), chunk());
        put(forms, BlobAddress.digest(DATASET, GENERATION, 0), digests());
        put(
                forms,
                BlobAddress.intent(DATASET, GENERATION, 3),
                Intent.newBuilder().setChunk(3).build());
        put(forms, BlobAddress.manifest(DATASET, GENERATION), manifest());
        forms.put(CatalogCodec.keyName("growth"), CatalogCodec.encode("growth", new WriteId(1, 2), catalog()));
        return forms;
    }

    private static void put(Map<String, byte[]> forms, BlobAddress address, Message body) {
        put(forms, address, body.toByteArray());
    }

    private static void put(Map<String, byte[]> forms, BlobAddress address, byte[] body) {
        byte[] sealed = Seal.seal(body, address.keyNameBytes());
        assertThat(Seal.verify(ByteBuffer.wrap(sealed), address.keyNameBytes())).isTrue();
        forms.put(address.keyName(), sealed);
    }

    private static byte[] bucketBody() {
        BucketEncoder encoder = new BucketEncoder();
        encoder.add(bytes("k-1"), bytes("value-1"));
        encoder.add(bytes("k-2"), bytes("value-2"), 1_800_000_000_000L);
        return encoder.finish();
    }

    private static Chunk chunk() {
        byte[] buckets = new byte[LAYOUT.bucketsPerChunk()];
        buckets[7] = 1;
        buckets[9] = 2;
        return Chunk.newBuilder()
                .addAllGenerations(List.of(GENERATION, 5L))
                .setBuckets(ByteString.copyFrom(buckets))
                .build();
    }

    private static DigestChunk digests() {
        byte[] digests = new byte[8 * LAYOUT.bucketsPerChunk()];
        ByteBuffer.wrap(digests)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putLong(8 * 7, LAYOUT.digest(bucketBody()))
                .putLong(8 * 9, 99);
        return DigestChunk.newBuilder().setDigests(ByteString.copyFrom(digests)).build();
    }

    private static Manifest manifest() {
        return Manifest.newBuilder()
                .setFormat(1)
                .setDataset(DATASET.name())
                .setNumber(3)
                .setGeneration(GENERATION)
                .setParent(5)
                .setLayout(LAYOUT.toProto())
                .addChunkGenerations(GENERATION)
                .setContract(StoredContract.newBuilder()
                        .setMessage("examples.Customer360")
                        .setDescriptorSet(ByteString.copyFromUtf8("set"))
                        .setDigest(ByteString.copyFromUtf8("digest")))
                .setRows(2)
                .setBuckets(2)
                .setBytes(64)
                .setRowsAdded(1)
                .setBucketsWritten(1)
                .setBytesWritten(32)
                .setDataAsOf(Timestamp.newBuilder().setSeconds(1_790_000_000))
                .setPublishedAt(Timestamp.newBuilder().setSeconds(1_790_000_100))
                .setMode(Mode.MODE_SNAPSHOT)
                .setSource("jdbc:duckdb:")
                .putLabels("run_id", "r-1")
                .setPublisher("etl@host")
                .addChecks(CheckResult.newBuilder()
                        .setCheck("min-rows")
                        .setVerdict(CheckResult.Verdict.VERDICT_PASSED)
                        .setDetail("2 rows (expected: >= 1)"))
                .addFields(FieldProfile.newBuilder().setField(2).setNulls(1))
                .build();
    }

    private static Catalog catalog() {
        Timestamp at = Timestamp.newBuilder().setSeconds(1_790_000_200).build();
        return Catalog.newBuilder()
                .setFormat(1)
                .setStoreId(77)
                .setEpoch(12)
                .addOperations(8)
                .addDatasets(DatasetEntry.newBuilder()
                        .setName(DATASET.name())
                        .setCurrent(5)
                        .setRevision(2)
                        .setLastNumber(3)
                        .addVersions(VersionEntry.newBuilder()
                                .setNumber(2)
                                .setGeneration(5)
                                .setState(VersionEntry.State.STATE_KEPT)
                                .setGroup(8)
                                .setCommittedAt(at)
                                .setStateSince(at))
                        .setSlot(Slot.newBuilder()
                                .setGeneration(GENERATION)
                                .setNumber(3)
                                .setParent(5)
                                .setLayout(Layout.newBuilder().setBits(4).setSeed(42))
                                .setOwner("publisher-1")
                                .setBegunAt(at))
                        .addMoves(Move.newBuilder()
                                .setRevision(2)
                                .setGeneration(5)
                                .setOperationId(8)
                                .setMovedAt(at)))
                .build();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String resource(String name) {
        try (InputStream in = GoldenBlobsTest.class.getClassLoader().getResourceAsStream(name)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
