package io.penstock.publisher.erase;

import static io.penstock.publisher.testing.TestNamespace.START;
import static io.penstock.publisher.testing.TestNamespace.dataset;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.contract.Contract;
import io.penstock.contract.v1.FieldRules;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.admin.CatalogAdmin;
import io.penstock.publisher.testing.TestContracts;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.publisher.testing.TestRows;
import io.penstock.storage.v1.Mode;
import io.penstock.storage.v1.Row;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An erasure writes the buckets of its keys and says of all others what the version before said. */
class ErasureIsAnUpdateBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();

    private PublicationReport erase(String key) {
        try (Publisher publisher = namespace.publisher().build()) {
            return publisher
                    .erase(dataset("orders"), List.of(key.getBytes(StandardCharsets.UTF_8)), "a request")
                    .publication();
        }
    }

    @Test
    void otherRowsAreNotRenewed() {
        Contract contract = TestContracts.expiring("orders", "24h");
        namespace.publish(publication(contract, TestRows.of(Map.of("1", "a", "2", "b", "3", "c")))
                .build());
        namespace.clock.advance(Duration.ofHours(1));
        namespace.publish(publication(contract, TestRows.of(Map.of("4", "d")))
                .mode(Mode.MODE_UPSERT)
                .build());
        namespace.clock.advance(Duration.ofHours(1));

        PublicationReport report = erase("2");

        assertThat(report.manifest().getRows()).isEqualTo(3);
        assertThat(report.manifest().getRowsExpireAt().getSeconds())
                .isEqualTo(START.plus(Duration.ofHours(24)).getEpochSecond());
        assertThat(namespace.rows("orders")).containsOnlyKeys("1", "3", "4");
        assertThat(namespace.reader("orders").stored(namespace.entry("orders").getCurrent()))
                .extractingByKey("4")
                .extracting(Row::getExpiresAt)
                .isEqualTo(START.plus(Duration.ofHours(25)).toEpochMilli());
    }

    @Test
    void uniqueFieldsDoNotKeepKeysFromBeingErased() {
        Contract contract = TestContracts.checked(
                "orders", FieldRules.newBuilder().setUnique(true).build());
        namespace.publish(publication(contract, TestRows.of(Map.of("1", "\022\001a", "2", "\022\001b")))
                .build());

        erase("2");

        assertThat(namespace.rows("orders")).containsOnlyKeys("1");
    }

    @Test
    void anExpiredVersionDoesNotComeBackToLife() {
        Contract contract = TestContracts.expiring("orders", "24h");
        namespace.publish(
                publication(contract, TestRows.of(Map.of("1", "a", "2", "b"))).build());
        namespace.clock.advance(Duration.ofHours(30));

        PublicationReport report = erase("2");

        assertThat(report.manifest().getExpiresAt().getSeconds())
                .isEqualTo(START.plus(Duration.ofHours(24)).getEpochSecond());
    }

    @Test
    void labelsStay() {
        namespace.publish(publication(TestContracts.of("orders"), TestRows.of(Map.of("1", "a", "2", "b")))
                .label("commit", "0a1b")
                .build());
        assertThat(erase("2").manifest().getLabelsMap()).containsEntry("commit", "0a1b");
    }

    /** The contract of a version that was rolled back is not what the erasure publishes. */
    @Test
    void aContractThatWasRolledBackDoesNotForbidIt() {
        namespace.publish(publication(TestContracts.of("orders"), TestRows.of(Map.of("1", "a", "2", "b")))
                .build());
        namespace.publish(publication(TestContracts.extended("orders"), TestRows.of(Map.of("1", "a", "2", "b")))
                .build());
        new CatalogAdmin(namespace.memory, TestNamespace.NAME, "ops", namespace.clock, new Random(3))
                .rollback("orders.v1", OptionalLong.empty(), false);

        erase("2");

        assertThat(namespace.rows("orders")).containsOnlyKeys("1");
    }
}
