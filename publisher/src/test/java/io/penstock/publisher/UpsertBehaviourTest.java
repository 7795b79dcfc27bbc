package io.penstock.publisher;

import static io.penstock.publisher.testing.TestNamespace.START;
import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.contract.Contract;
import io.penstock.contract.v1.FieldRules;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.guardrail.Guardrails;
import io.penstock.publisher.testing.CountingStore;
import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import io.penstock.storage.v1.LostBucket;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import io.penstock.storage.v1.Row;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpsertBehaviourTest {
    private static final Guardrails ANY_SIZE = Guardrails.DEFAULTS.toBuilder()
            .rowsMin(0)
            .rowCountDropMax(1)
            .rowCountGrowthMax(1e9)
            .build();

    private final TestNamespace namespace = new TestNamespace();

    private static Publication upsert(Map<String, String> rows) {
        return upsert(TestRows.of(rows));
    }

    private static Publication upsert(TestRows rows) {
        return upsert(TestContracts.of("orders"), rows);
    }

    private static Publication upsert(Contract contract, TestRows rows) {
        return publication(contract, rows)
                .mode(Mode.MODE_UPSERT)
                .guardrails(ANY_SIZE)
                .build();
    }

    @Test
    void replacesAndAddsRowsAndKeepsAllOthers() {
        Map<String, String> rows = items(5_000, 100);
        namespace.publish("orders", rows);
        Map<String, String> changes = new TreeMap<>(
                Map.of("key-7", "other", "key-8", rows.get("key-8"), "new-1", "first", "new-2", "second"));

        PublicationReport report = namespace.publish(upsert(changes));

        Map<String, String> expected = new TreeMap<>(rows);
        expected.putAll(changes);
        assertThat(namespace.rows("orders")).isEqualTo(expected);
        Manifest manifest = report.manifest();
        assertThat(manifest.getMode()).isEqualTo(Mode.MODE_UPSERT);
        assertThat(manifest.getRowsAdded()).isEqualTo(2);
        assertThat(manifest.getRowsUpdated()).isEqualTo(1);
        assertThat(manifest.getRowsRemoved()).isZero();
        assertThat(manifest.getRows()).isEqualTo(5_002);
        assertThat(manifest.getBucketsWritten()).isBetween(1L, 3L);
        namespace.assertNothingLeftBehind();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void isTheParentWithTheRowsPutIntoIt(int seed) {
        Random random = new Random(seed);
        Map<String, String> expected = new TreeMap<>(items(random.nextInt(3_000), random.nextInt(300)));
        namespace.publish(publication(TestContracts.of("orders"), TestRows.of(expected))
                .guardrails(ANY_SIZE)
                .build());
        for (int round = 0; round < 6; round++) {
            Map<String, String> changes = new HashMap<>();
            int count = random.nextInt(round == 3 ? 6_000 : 400);
            for (int i = 0; i < count; i++) {
                changes.put("key-" + random.nextInt(6_000), "x".repeat(random.nextInt(600)) + random.nextInt(3));
            }
            int added = (int) changes.keySet().stream()
                    .filter(key -> !expected.containsKey(key))
                    .count();
            int updated = (int) changes.entrySet().stream()
                    .filter(row -> expected.containsKey(row.getKey())
                            && !expected.get(row.getKey()).equals(row.getValue()))
                    .count();

            Manifest manifest = namespace.publish(upsert(changes)).manifest();

            expected.putAll(changes);
            assertThat(namespace.rows("orders")).isEqualTo(expected);
            if (added + updated > 0) {
                assertThat(manifest.getRowsAdded()).isEqualTo(added);
                assertThat(manifest.getRowsUpdated()).isEqualTo(updated);
            }
        }
        namespace.assertNothingLeftBehind();
    }

    @Test
    void isASnapshotWhenNothingWasPublishedBefore() {
        PublicationReport report = namespace.publish(upsert(items(300, 50)));

        assertThat(report.manifest().getNumber()).isEqualTo(1);
        assertThat(report.manifest().getRowsAdded()).isEqualTo(300);
        assertThat(report.manifest().getMode()).isEqualTo(Mode.MODE_UPSERT);
        assertThat(namespace.rows("orders")).isEqualTo(items(300, 50));
    }

    @Test
    void touchesTheChangedBucketsAndTheirChunksAndNothingElse() {
        Map<String, String> rows = items(60_000, 500); // 2^15 buckets, four chunks
        namespace.publish("orders", rows);
        Manifest parent =
                namespace.reader("orders").manifest(namespace.entry("orders").getCurrent());
        BucketLayout layout = BucketLayout.of(parent.getLayout());
        assertThat(layout.chunks()).isEqualTo(4);
        Map<String, String> changes = new HashMap<>();
        Set<Integer> buckets = new TreeSet<>();
        Random random = new Random(7);
        while (changes.size() < 400) {
            String key = "key-" + random.nextInt(60_000);
            int bucket = layout.bucketOf(layout.hash(key.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            if (BucketLayout.chunkOf(bucket) < 2) {
                changes.put(key, "other");
                buckets.add(bucket);
            }
        }
        CountingStore counting = new CountingStore(namespace.memory.reopen());

        Manifest manifest;
        try (Publisher publisher = namespace
                .publisher(counting)
                .options(TestNamespace.OPTIONS.withReadBackBuckets(0))
                .build()) {
            manifest = publisher.publish(upsert(changes)).manifest();
        }

        assertThat(numbers(counting.written, BlobKind.BUCKET)).containsExactlyInAnyOrderElementsOf(buckets);
        assertThat(numbers(counting.written, BlobKind.CHUNK)).containsExactlyInAnyOrder(0, 1);
        assertThat(numbers(counting.written, BlobKind.DIGEST)).containsExactlyInAnyOrder(0, 1);
        assertThat(numbers(counting.written, BlobKind.INTENT)).containsExactlyInAnyOrder(0, 1);
        assertThat(numbers(counting.written, BlobKind.MANIFEST)).hasSize(1);
        List<BlobAddress> oldRead = counting.read.stream()
                .filter(address -> address.generation() == parent.getGeneration())
                .toList();
        assertThat(numbers(oldRead, BlobKind.BUCKET)).containsExactlyInAnyOrderElementsOf(buckets);
        assertThat(new HashSet<>(numbers(oldRead, BlobKind.CHUNK))).containsExactlyInAnyOrder(0, 1);
        assertThat(numbers(oldRead, BlobKind.DIGEST)).containsExactlyInAnyOrder(0, 1);
        assertThat(manifest.getBucketsWritten()).isEqualTo(buckets.size());
        assertThat(manifest.getChunkGenerationsList().subList(2, 4))
                .isEqualTo(parent.getChunkGenerationsList().subList(2, 4));
        rows.putAll(changes);
        assertThat(namespace.rows("orders")).isEqualTo(rows);
    }

    private static List<Integer> numbers(Collection<BlobAddress> addresses, BlobKind kind) {
        return addresses.stream()
                .filter(address -> address.kind() == kind)
                .map(address -> (int) address.number())
                .toList();
    }

    @Test
    void makesNoVersionWhenEveryRowIsThereAlready() {
        Map<String, String> rows = items(100, 10);
        namespace.publish("orders", rows);

        PublicationReport same = namespace.publish(upsert(Map.of("key-1", rows.get("key-1"))));
        PublicationReport none = namespace.publish(upsert(Map.of()));

        assertThat(same.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(none.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(namespace.entry("orders").getVersionsList()).hasSize(1);
        assertThat(namespace.entry("orders").getAbandonedList()).isEmpty();
    }

    @Test
    void makesAVersionWithoutBucketsWhenOnlyDataAsOfIsNewer() {
        namespace.publish("orders", items(100, 10));

        PublicationReport report =
                namespace.publish(upsert(TestRows.of(Map.<String, String>of()).asOf(START.plusSeconds(60))));

        assertThat(report.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(report.manifest().getBucketsWritten()).isZero();
        assertThat(report.manifest().getDataAsOf().getSeconds()).isEqualTo(START.getEpochSecond() + 60);
        assertThat(namespace.rows("orders")).hasSize(100);
    }

    @Test
    void mergesBothVersionsAsStreamsWhenTheLayoutChanges() {
        Map<String, String> expected = items(500, 100);
        namespace.publish("orders", expected);
        Map<String, String> many = items(20_000, 120);

        Manifest manifest = namespace.publish(upsert(many)).manifest();

        assertThat(manifest.getLayout().getBits()).isGreaterThan(9);
        assertThat(manifest.getRowsAdded()).isEqualTo(19_500);
        assertThat(manifest.getRowsUpdated()).isEqualTo(500);
        expected.putAll(many);
        assertThat(namespace.rows("orders")).isEqualTo(expected);
        int bits = manifest.getLayout().getBits();
        assertThat(namespace
                        .publish(upsert(Map.of("key-1", "one more")))
                        .manifest()
                        .getLayout()
                        .getBits())
                .as("the layout chosen for an unknown number of new rows stays")
                .isEqualTo(bits);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void refusesAKeyThatComesTwiceAndDoesNotNameIt() {
        namespace.publish("orders", items(100, 10));
        TestRows twice =
                TestRows.of(List.of(Map.entry("key-1", "a"), Map.entry("key-2", "b"), Map.entry("key-1", "c")));

        assertThatThrownBy(() -> namespace.publish(upsert(twice)))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.REFUSED))
                .hasMessage("tests/orders.v1: rows 1 and 3 have the same key; the query must give one row a key"
                        + " (--show-keys shows it)");
        assertThat(namespace.rows("orders")).isEqualTo(items(100, 10));
        namespace.assertNothingLeftBehind();
    }

    @Test
    void stopsWhenABucketItNeedsIsLost() {
        namespace.publish("orders", items(3_000, 100));
        Manifest parent =
                namespace.reader("orders").manifest(namespace.entry("orders").getCurrent());
        int bucket = bucketOf(parent, "key-5");
        namespace.delete(BlobAddress.bucket(TestNamespace.dataset("orders"), parent.getGeneration(), bucket));

        assertThatThrownBy(() -> namespace.publish(upsert(Map.of("key-5", "other"))))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.DATA_LOSS))
                .hasMessage("tests/orders.v1: not published: bucket " + bucket + " of the version before is missing or"
                        + " damaged, and this mode keeps what it does not write; publish a snapshot, which needs"
                        + " nothing of it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CHUNK", "DIGEST", "MANIFEST"})
    void stopsWhenWhatListsTheBucketsIsLost(BlobKind kind) {
        namespace.publish("orders", items(100, 10));
        long current = namespace.entry("orders").getCurrent();
        namespace.delete(
                switch (kind) {
                    case CHUNK -> BlobAddress.chunk(TestNamespace.dataset("orders"), current, 0);
                    case DIGEST -> BlobAddress.digest(TestNamespace.dataset("orders"), current, 0);
                    default -> BlobAddress.manifest(TestNamespace.dataset("orders"), current);
                });

        assertThatThrownBy(() -> namespace.publish(upsert(Map.of("key-5", "other"))))
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.code()).isEqualTo("PARENT_UNREADABLE");
                    assertThat(e.category()).isEqualTo(Category.DATA_LOSS);
                });
        assertThat(namespace.entry("orders").getCurrent()).isEqualTo(current);
    }

    @Test
    void writesABucketAgainThatAServerLostAndTheStoreStillHas() {
        namespace.publish("orders", items(3_000, 100));
        Manifest parent =
                namespace.reader("orders").manifest(namespace.entry("orders").getCurrent());
        LostBucket lost = LostBucket.newBuilder()
                .setGeneration(parent.getGeneration())
                .setBucket(bucketOf(parent, "key-5"))
                .build();
        namespace.serve("orders", parent.getGeneration(), 1, List.of(parent.getGeneration()), List.of(lost));

        PublicationReport report = namespace.publish(upsert(Map.of()));

        assertThat(report.bucketsHealed()).isEqualTo(1);
        assertThat(report.manifest().getBucketsWritten()).isEqualTo(1);
        assertThat(namespace.rows("orders")).isEqualTo(items(3_000, 100));
    }

    @Test
    void stopsWhenABucketThatAServerLostIsGone() {
        namespace.publish("orders", items(3_000, 100));
        Manifest parent =
                namespace.reader("orders").manifest(namespace.entry("orders").getCurrent());
        int bucket = bucketOf(parent, "key-5");
        namespace.delete(BlobAddress.bucket(TestNamespace.dataset("orders"), parent.getGeneration(), bucket));
        LostBucket lost = LostBucket.newBuilder()
                .setGeneration(parent.getGeneration())
                .setBucket(bucket)
                .build();
        namespace.serve("orders", parent.getGeneration(), 1, List.of(parent.getGeneration()), List.of(lost));

        assertThatThrownBy(() -> namespace.publish(upsert(Map.of())))
                .hasMessageContaining("bucket " + bucket + " of the version before is missing or damaged");
    }

    private static int bucketOf(Manifest manifest, String key) {
        BucketLayout layout = BucketLayout.of(manifest.getLayout());
        return layout.bucketOf(layout.hash(key.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Test
    void makesRoomInAChunkThatNamesTooManyGenerations() {
        TreeMap<String, String> rows = new TreeMap<>(items(2_000, 500));
        namespace.publish("orders", rows);
        for (int i = 0; i < ChunkTable.GENERATIONS_MAX + 20; i++) {
            rows.put("key-" + i, "changed-" + "y".repeat(500));
            Manifest manifest = namespace
                    .publish(upsert(Map.of("key-" + i, rows.get("key-" + i))))
                    .manifest();
            assertThat(manifest.getRowsUpdated()).isEqualTo(1);
            assertThat(manifest.getBucketsWritten()).isLessThanOrEqualTo(44);
        }
        assertThat(namespace.rows("orders")).isEqualTo(rows);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void isCommittedTogetherWithASnapshot() {
        namespace.publish("orders", items(10, 10));
        try (Publisher publisher = namespace.publisher().build()) {
            List<PublicationReport> reports = publisher.publishAtomically(
                    List.of(upsert(Map.of("new", "row")), TestNamespace.publication("stock", items(20, 10))));
            assertThat(reports).extracting(PublicationReport::outcome).containsOnly(Outcome.PUBLISHED);
        }
        assertThat(namespace.catalog().require().catalog().getGroupsList()).hasSize(1);
        assertThat(namespace.rows("orders")).hasSize(11);
        assertThat(namespace.rows("stock")).hasSize(20);
    }

    @Test
    void isPlannedWithoutWritingAnything() {
        namespace.publish("orders", items(1_000, 100));
        int blobsBefore = namespace.blobs().size();

        PublicationPlan plan;
        try (Publisher publisher = namespace.publisher().build()) {
            plan = publisher.plan(upsert(Map.of("key-1", "other", "new", "row")));
        }

        assertThat(plan.changes().rowsAdded()).isEqualTo(1);
        assertThat(plan.changes().rowsUpdated()).isEqualTo(1);
        assertThat(plan.changes().rows()).isEqualTo(1_001);
        assertThat(plan.refusals()).isEmpty();
        assertThat(namespace.blobs()).hasSize(blobsBefore);
    }

    @Test
    void givesItsRowsTheLifeOfTheRunThatWroteThem() {
        Contract contract = TestContracts.expiring("orders", "10h");
        namespace.publish(publication(contract, TestRows.of(items(3, 10))).build());
        namespace.clock.advance(Duration.ofHours(6));

        Manifest manifest = namespace
                .publish(upsert(contract, TestRows.of(Map.of("key-1", "later"))))
                .manifest();

        assertThat(expiry("key-0")).as("with the snapshot that wrote it").isZero();
        assertThat(expiry("key-1")).isEqualTo(START.plus(Duration.ofHours(16)).toEpochMilli());
        assertThat(manifest.getExpiresAt().getSeconds())
                .isEqualTo(START.plus(Duration.ofHours(16)).getEpochSecond());
        assertThat(manifest.getRowsExpireAt().getSeconds())
                .as("the snapshot's rows do not live longer because others were written")
                .isEqualTo(START.plus(Duration.ofHours(10)).getEpochSecond());
    }

    /** Only a snapshot makes its rows live longer, so it must not be told that nothing changed. */
    @Test
    void aSnapshotRenewsTheRowsThatAnUpsertLeftAsTheyWere() {
        Contract contract = TestContracts.expiring("orders", "10h");
        Publication snapshot = publication(contract, TestRows.of(items(3, 10))).build();
        namespace.publish(snapshot);
        namespace.clock.advance(Duration.ofHours(6));
        namespace.publish(upsert(contract, TestRows.of(Map.of("key-9", "x"))));
        namespace.publish(
                publication(contract, TestRows.of(Map.of("key-9", "x")).marked(key -> removed()))
                        .mode(Mode.MODE_UPSERT)
                        .guardrails(ANY_SIZE)
                        .build());
        namespace.clock.advance(Duration.ofHours(1));

        PublicationReport renewed = namespace.publish(snapshot);

        assertThat(renewed.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(renewed.manifest().hasRowsExpireAt()).isFalse();
        assertThat(renewed.manifest().getExpiresAt().getSeconds())
                .isEqualTo(START.plus(Duration.ofHours(17)).getEpochSecond());
    }

    private static RowMark removed() {
        return new RowMark(RowOperation.DELETE, RowMark.NEVER);
    }

    @Test
    void refusesAContractWhoseChecksKeptRowsWereNotHeldAgainst() {
        namespace.publish("orders", items(3, 10));
        Contract stricter = TestContracts.checked(
                "orders", FieldRules.newBuilder().setNotBlank(true).build());

        assertThatThrownBy(() -> namespace.publish(upsert(stricter, TestRows.of(items(1, 10)))))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.code()).isEqualTo("CHECK_NOT_ENFORCED"))
                .hasMessageContaining("field tests.orders.v1.Item.name: its checks are new, and the rows that are kept"
                        + " were not held against them (expected: mode snapshot this time)");
    }

    /** The erasure has noted the key and then died; what comes next must not serve the row for ever. */
    @Test
    void takesErasedKeysOutOfWhatItWrites() {
        namespace.publish("orders", items(3, 10));
        PublicationObserver die = (step, detail) -> {
            if (step == Step.READING) {
                throw new IllegalStateException("the process ends here");
            }
        };
        try (Publisher publisher = namespace.publisher().observer(die).build()) {
            assertThatThrownBy(() -> publisher.erase(
                            TestNamespace.dataset("orders"),
                            List.of("key-1".getBytes(StandardCharsets.UTF_8)),
                            "a request"))
                    .hasStackTraceContaining("the process ends here");
        }

        PublicationReport report = namespace.publish(upsert(Map.of("key-1", "again", "key-2", "new")));

        assertThat(namespace.rows("orders")).containsOnlyKeys("key-0", "key-2");
        assertThat(report.manifest().getRowsErased()).isEqualTo(1);
        assertThat(report.manifest().getRows()).isEqualTo(2);
    }

    @Test
    void renewsARowThatDidNotChangeOnceHalfOfItsLifeIsOver() {
        Contract contract = TestContracts.expiring("orders", "10h");
        Publication same = upsert(contract, TestRows.of(items(3, 10)));
        namespace.publish(same);

        namespace.clock.advance(Duration.ofHours(4));
        assertThat(namespace.publish(same).outcome()).isEqualTo(Outcome.UNCHANGED);
        namespace.clock.advance(Duration.ofHours(2));
        PublicationReport renewed = namespace.publish(same);

        assertThat(renewed.manifest().getRowsUpdated()).isEqualTo(3);
        assertThat(expiry("key-1")).isEqualTo(START.plus(Duration.ofHours(16)).toEpochMilli());
        assertThat(renewed.manifest().hasRowsExpireAt()).isFalse();
    }

    @Test
    void leavesOutRowsThatAreOverForADayWhenItWritesTheirBucket() {
        namespace.publish(upsert(TestRows.of(items(2, 10)).marked(key -> expiringAt(Duration.ofHours(1)))));
        Map<String, String> enough = items(40, 10);
        enough.keySet().removeAll(Set.of("key-0", "key-1"));

        namespace.clock.advance(Duration.ofHours(24));
        namespace.publish(upsert(Map.of("key-2", "x")));
        assertThat(namespace.rows("orders")).as("over for 23 hours").hasSize(3);

        namespace.clock.advance(Duration.ofHours(2));
        Manifest manifest = namespace.publish(upsert(enough)).manifest();

        assertThat(manifest.getRowsRemoved()).isEqualTo(2);
        assertThat(namespace.rows("orders")).isEqualTo(enough);
    }

    @Test
    void takesTheEarlierOfARowsOwnExpiryAndTheContracts() {
        Contract contract = TestContracts.expiring("orders", "10h");
        namespace.publish(upsert(
                contract,
                TestRows.of(items(2, 10)).marked(key -> expiringAt(Duration.ofHours(key.equals("key-0") ? 3 : 300)))));

        assertThat(expiry("key-0")).isEqualTo(START.plus(Duration.ofHours(3)).toEpochMilli());
        assertThat(expiry("key-1")).isEqualTo(START.plus(Duration.ofHours(10)).toEpochMilli());
    }

    @Test
    void keepsARowsOwnExpiryInASnapshotToo() {
        namespace.publish(publication(
                        TestContracts.of("orders"),
                        TestRows.of(items(2, 10)).marked(key -> expiringAt(Duration.ofHours(3))))
                .build());

        assertThat(expiry("key-0")).isEqualTo(START.plus(Duration.ofHours(3)).toEpochMilli());
    }

    private static RowMark expiringAt(Duration afterStart) {
        return new RowMark(RowOperation.UPSERT, START.plus(afterStart).toEpochMilli());
    }

    private long expiry(String key) {
        Map<String, Row> rows =
                namespace.reader("orders").stored(namespace.entry("orders").getCurrent());
        return Objects.requireNonNull(rows.get(key), key).getExpiresAt();
    }
}
