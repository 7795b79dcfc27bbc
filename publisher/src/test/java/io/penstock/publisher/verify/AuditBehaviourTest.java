package io.penstock.publisher.verify;

import static io.penstock.publisher.testing.TestNamespace.OPTIONS;
import static io.penstock.publisher.testing.TestNamespace.dataset;
import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobKind;
import io.penstock.store.testkit.FaultyStore;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AuditBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();

    @BeforeEach
    void publishTwoVersions() {
        namespace.publish("items", items(1_000, 40));
        namespace.publish("items", items(1_010, 40));
    }

    private AuditReport audit(OptionalLong version) {
        try (Publisher publisher = namespace.publisher().build()) {
            return publisher.audit(dataset("items"), version);
        }
    }

    private BlobAddress oneOf(BlobKind kind) {
        long current = namespace.entry("items").getCurrent();
        return namespace.blobs().stream()
                .filter(address -> address.kind() == kind && address.generation() == current)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void findsAWholeVersionWhole() {
        AuditReport report = audit(OptionalLong.empty());
        assertThat(report.isWhole()).isTrue();
        assertThat(report.current()).isTrue();
        assertThat(report.version()).isEqualTo(2);
        assertThat(report.rows()).isEqualTo(1_010);
        assertThat(report.advice()).isEmpty();
        assertThat(audit(OptionalLong.of(1)).rows()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @EnumSource(
            value = BlobKind.class,
            names = {"BUCKET", "CHUNK", "DIGEST"})
    void findsWhatIsLostAndPublishingEverythingAgainHealsIt(BlobKind kind) {
        BlobAddress lost = oneOf(kind);
        namespace.delete(lost);

        AuditReport report = audit(OptionalLong.empty());
        assertThat(report.isWhole()).isFalse();
        assertThat(report.findings()).anySatisfy(finding -> assertThat(finding).startsWith(lost + " is missing or "));
        assertThat(report.advice())
                .isEqualTo("publish a snapshot of the data with 'penstock publish --rewrite'; an upsert or delta cannot"
                        + " restore rows it does not write; until then a version that is whole can be served by"
                        + " 'penstock rollback'");

        try (Publisher publisher =
                namespace.publisher().options(OPTIONS.withRewrite(true)).build()) {
            PublicationReport healed = publisher.publish(publication("items", items(1_010, 40)));
            assertThat(healed.committed()).isTrue();
            assertThat(healed.manifest().getBucketsWritten())
                    .isEqualTo(healed.manifest().getBuckets());
        }
        assertThat(audit(OptionalLong.empty()).isWhole()).isTrue();
        assertThat(namespace.rows("items")).isEqualTo(items(1_010, 40));
    }

    @Test
    void findsALostManifest() {
        namespace.delete(oneOf(BlobKind.MANIFEST));
        assertThat(audit(OptionalLong.empty()).findings()).containsExactly("its manifest is MISSING");
    }

    @Test
    void findsAByteThatIsNotWhatItWas() {
        FaultyStore store = namespace.faulty();
        BlobAddress damaged = oneOf(BlobKind.BUCKET);
        store.faults().corrupt(damaged);
        try (Publisher publisher = namespace.publisher(store).build()) {
            AuditReport report = publisher.audit(dataset("items"), OptionalLong.empty());
            assertThat(report.findings()).containsExactly(damaged + " is missing or fails its checksum");
            assertThat(report.problems()).isEqualTo(1);
        }
    }

    @Test
    void countsAllAndDescribesTheFirst() {
        long first = namespace.entry("items").getVersions(0).getGeneration();
        namespace.blobs().stream()
                .filter(address -> address.kind() == BlobKind.BUCKET && address.generation() == first)
                .forEach(namespace::delete);

        AuditReport report = audit(OptionalLong.of(1));

        assertThat(report.problems()).isGreaterThan(VersionAudit.FINDINGS_MAX);
        assertThat(report.findings()).hasSize(VersionAudit.FINDINGS_MAX);
        assertThat(report.rows()).isZero();
        assertThat(report.advice()).startsWith("do not go back to it; ");
    }
}
