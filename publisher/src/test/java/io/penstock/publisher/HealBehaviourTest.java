package io.penstock.publisher;

import static io.penstock.publisher.testing.TestNamespace.START;
import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import io.penstock.storage.v1.LostBucket;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Publishing again repairs what the store lost. */
class HealBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();
    private final Map<String, String> rows = items(2_000, 100);
    private final Publication same = publication(
                    TestContracts.of("orders"), TestRows.of(rows).asOf(START))
            .build();

    private BlobAddress lose(BlobKind kind) {
        BlobAddress victim = namespace.blobs().stream()
                .filter(address -> address.kind() == kind)
                .findFirst()
                .orElseThrow();
        namespace.delete(victim);
        return victim;
    }

    @Test
    void writesABucketAgainThatAServerReportsLost() {
        long generation = namespace.publish(same).manifest().getGeneration();
        BlobAddress lost = lose(BlobKind.BUCKET);
        LostBucket reported = LostBucket.newBuilder()
                .setGeneration(generation)
                .setBucket((int) lost.number())
                .build();
        namespace.serve("orders", generation, 99, List.of(generation), List.of(reported));

        PublicationReport report = namespace.publish(same);

        assertThat(report.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(report.bucketsHealed()).isEqualTo(1);
        assertThat(report.manifest().getBucketsWritten()).isEqualTo(1);
        assertThat(report.manifest().getRowsUpdated()).isZero();
        assertThat(namespace.rows("orders")).isEqualTo(rows);
    }

    @Test
    void countsTheRowsOfAnUnreadableBucketAsUpdated() {
        namespace.publish(same);
        namespace.blobs().stream()
                .filter(address -> address.kind() == BlobKind.BUCKET)
                .forEach(namespace::delete);

        PublicationReport report = namespace.publish("orders", items(2_000, 99));

        assertThat(report.manifest().getRowsUpdated()).isEqualTo(2_000);
        assertThat(report.bucketsUnreadable()).isEqualTo(report.manifest().getBuckets());
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("could not be read"));
        assertThat(namespace.rows("orders")).isEqualTo(items(2_000, 99));
    }

    @Test
    void writesAChunkAgainThatIsLost() {
        namespace.publish(same);
        lose(BlobKind.CHUNK);
        assertThat(namespace.publish(same).outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(namespace.rows("orders")).isEqualTo(rows);
    }

    @Test
    void writesAChunkAgainWhoseDigestsAreLost() {
        namespace.publish(same);
        lose(BlobKind.DIGEST);
        PublicationReport report = namespace.publish(same);
        assertThat(report.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(report.manifest().getRowsUpdated()).isZero();
        assertThat(namespace.rows("orders")).isEqualTo(rows);
    }

    @Test
    void replacesALostManifestOnlyWhenTold() {
        namespace.publish(same);
        lose(BlobKind.MANIFEST);

        assertThatThrownBy(() -> namespace.publish(same))
                .hasMessageContaining("history-readable: nothing can be compared with what could not be read: version 1"
                        + " (its manifest is missing)");
        namespace.publish(publication(TestContracts.of("orders"), TestRows.of(rows))
                .override("history-readable", "the store lost it")
                .build());

        assertThat(namespace.rows("orders")).isEqualTo(rows);
    }
}
