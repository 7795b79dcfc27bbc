package io.penstock.publisher;

import static io.penstock.publisher.testing.TestNamespace.START;
import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.blob.BlobKind;
import io.penstock.store.layout.ChunkTable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PublicationBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();

    @Test
    void publishesAFirstVersionThatHoldsEveryRow() {
        Map<String, String> rows = items(5_000, 100);

        PublicationReport report = namespace.publish("orders", rows);

        assertThat(report.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(report.manifest().getNumber()).isEqualTo(1);
        assertThat(report.manifest().getRowsAdded()).isEqualTo(5_000);
        assertThat(report.revision()).isEqualTo(1);
        assertThat(namespace.rows("orders")).isEqualTo(rows);
        assertThat(namespace.blobs()).noneMatch(address -> address.kind() == BlobKind.INTENT);
        assertThat(report.warnings())
                .containsExactly("no live server: orders.v1 is committed and nobody serves it yet");
        namespace.assertNothingLeftBehind();
    }

    @Test
    void writesOnlyTheBucketsThatChanged() {
        Map<String, String> rows = items(20_000, 180);
        namespace.publish("orders", rows);
        for (int i = 0; i < 20_000; i += 100) {
            rows.put("key-" + i, "changed");
        }
        rows.put("new-1", "new");
        rows.remove("key-7");

        PublicationReport report = namespace.publish("orders", rows);

        Manifest manifest = report.manifest();
        assertThat(manifest.getRowsUpdated()).isEqualTo(200);
        assertThat(manifest.getRowsAdded()).isEqualTo(1);
        assertThat(manifest.getRowsRemoved()).isEqualTo(1);
        assertThat(manifest.getBucketsWritten()).isBetween(150L, 202L);
        assertThat(namespace.rows("orders")).isEqualTo(rows);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void makesNoVersionWhenNothingChanged() {
        Publication same = publication(
                        TestContracts.of("orders"), TestRows.of(items(100, 10)).asOf(START))
                .build();
        namespace.publish(same);

        PublicationReport again = namespace.publish(same);

        assertThat(again.outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(again.manifest().getNumber()).isEqualTo(1);
        assertThat(again.revision()).isEqualTo(1);
        DatasetEntry entry = namespace.entry("orders");
        assertThat(entry.getVersionsList()).hasSize(1);
        assertThat(entry.hasSlot()).isFalse();
        assertThat(entry.getAbandonedList())
                .as("nothing was written, nothing is to be swept")
                .isEmpty();
    }

    @Test
    void makesAVersionWithoutBucketsWhenOnlyDataAsOfIsNewer() {
        TestRows rows = TestRows.of(items(100, 10));
        namespace.publish(
                publication(TestContracts.of("orders"), rows.asOf(START)).build());
        int blobsBefore = namespace.blobs().size();

        PublicationReport report =
                namespace.publish(publication(TestContracts.of("orders"), rows.asOf(START.plusSeconds(60)))
                        .build());

        assertThat(report.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(report.manifest().getBucketsWritten()).isZero();
        assertThat(namespace.blobs()).hasSize(blobsBefore + 1);
        assertThat(namespace.rows("orders")).isEqualTo(items(100, 10));
    }

    @Test
    void doesNotCompareAnAssumedDataAsOf() {
        namespace.publish("orders", items(100, 10));
        namespace.clock.advance(Duration.ofHours(1));

        assertThat(namespace.publish("orders", items(100, 10)).outcome()).isEqualTo(Outcome.UNCHANGED);
    }

    @Test
    void renewsAnUnchangedVersionOnceHalfOfItsLifeIsOver() {
        Publication expiring = publication(
                        TestContracts.expiring("orders", "10h"),
                        TestRows.of(items(10, 10)).asOf(START))
                .build();
        namespace.publish(expiring);

        namespace.clock.advance(Duration.ofHours(4));
        assertThat(namespace.publish(expiring).outcome()).isEqualTo(Outcome.UNCHANGED);
        namespace.clock.advance(Duration.ofHours(2));
        PublicationReport renewed = namespace.publish(expiring);

        assertThat(renewed.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(renewed.manifest().getBucketsWritten()).isZero();
        assertThat(renewed.manifest().getExpiresAt().getSeconds())
                .isEqualTo(START.plus(Duration.ofHours(16)).getEpochSecond());
    }

    @Test
    void countsChangesWhenTheLayoutChanges() {
        Map<String, String> rows = items(20_000, 100);
        namespace.publish("orders", rows);
        long bitsBefore = namespace
                .reader("orders")
                .manifest(namespace.entry("orders").getCurrent())
                .getLayout()
                .getBits();
        Map<String, String> grown = items(39_000, 300);
        for (int i = 0; i < 1_000; i++) {
            grown.put("key-" + i, rows.get("key-" + i));
        }
        for (int i = 1_000; i < 1_500; i++) {
            grown.remove("key-" + i);
        }

        Manifest manifest = namespace.publish("orders", grown).manifest();

        assertThat((long) manifest.getLayout().getBits()).isGreaterThan(bitsBefore);
        assertThat(manifest.getRowsAdded()).isEqualTo(19_000);
        assertThat(manifest.getRowsUpdated()).isEqualTo(18_500);
        assertThat(manifest.getRowsRemoved()).isEqualTo(500);
        assertThat(namespace.rows("orders")).isEqualTo(grown);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void makesRoomInAChunkThatNamesTooManyGenerations() {
        TreeMap<String, String> rows = new TreeMap<>(items(2_000, 500));
        for (int i = 0; i < ChunkTable.GENERATIONS_MAX + 20; i++) {
            rows.put("key-" + i, "changed-" + "y".repeat(500));
            Manifest manifest = namespace.publish("orders", rows).manifest();
            assertThat(manifest.getRowsUpdated()).isEqualTo(i == 0 ? 0 : 1);
            assertThat(manifest.getBucketsWritten()).isLessThanOrEqualTo(i == 0 ? 2_000 : 44);
        }
        assertThat(namespace.rows("orders")).isEqualTo(rows);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void commitsSeveralDatasetsInOneStep() {
        try (Publisher publisher = namespace.publisher().build()) {
            publisher.publishAtomically(
                    List.of(publication("orders", items(10, 10)), TestNamespace.publication("stock", items(20, 10))));
            List<PublicationReport> second = publisher.publishAtomically(
                    List.of(publication("orders", items(11, 10)), TestNamespace.publication("stock", items(21, 10))));
            assertThat(second).extracting(PublicationReport::outcome).containsOnly(Outcome.PUBLISHED);
        }
        assertThat(namespace.catalog().require().catalog().getGroupsList()).hasSize(2);
        assertThat(namespace.rows("orders")).hasSize(11);
        assertThat(namespace.rows("stock")).hasSize(21);
    }

    @Test
    void plansWithoutWritingAnything() {
        namespace.publish("orders", items(1_000, 100));
        int blobsBefore = namespace.blobs().size();
        long lastNumber = namespace.entry("orders").getLastNumber();
        Map<String, String> fewer = new HashMap<>(items(700, 100));

        PublicationPlan plan;
        try (Publisher publisher = namespace.publisher().build()) {
            plan = publisher.plan(publication("orders", fewer));
        }

        assertThat(plan.parentNumber()).isEqualTo(1);
        assertThat(plan.changes().rowsRemoved()).isEqualTo(300);
        assertThat(plan.refusals())
                .containsExactly(
                        "row-count-change: 1000 rows before, 700 now: -30.0 % (expected: -20.0 % to +100.0 %)");
        assertThat(namespace.blobs()).hasSize(blobsBefore);
        assertThat(namespace.entry("orders").getLastNumber()).isEqualTo(lastNumber);
    }

    @Test
    void plansAFirstPublicationWithoutCreatingACatalog() {
        try (Publisher publisher = namespace.publisher().build()) {
            PublicationPlan plan = publisher.plan(publication("orders", items(100, 100)));
            assertThat(plan.refusals()).isEmpty();
            assertThat(plan.changes().rowsAdded()).isEqualTo(100);
        }
        assertThat(namespace.catalog().read()).isEmpty();
    }
}
