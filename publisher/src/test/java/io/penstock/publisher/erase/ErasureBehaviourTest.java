package io.penstock.publisher.erase;

import static io.penstock.publisher.testing.TestNamespace.dataset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.penstock.publisher.ErasureReport;
import io.penstock.publisher.Outcome;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.Step;
import io.penstock.publisher.TestContracts;
import io.penstock.publisher.admin.CatalogAdmin;
import io.penstock.publisher.testing.CustomerRows;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.storage.v1.AuditEntry;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ErasureBehaviourTest {
    private static final String SECRET = "7700077";

    private final TestNamespace namespace = new TestNamespace();

    /** Customers 7700000 to 7700199, and {@code name} in each. */
    private static CustomerRows customers(String name) {
        CustomerRows rows = new CustomerRows();
        for (int i = 0; i < 200; i++) {
            rows.add(7_700_000 + i, name + " " + i, i);
        }
        return rows.asOf(TestNamespace.START.minusSeconds(60));
    }

    private PublicationReport publish(String name) {
        return namespace.publish(Publication.builder(TestNamespace.NAME, TestContracts.CUSTOMER, customers(name))
                .retention(10)
                .build());
    }

    private ErasureReport erase(String... keys) {
        return erase(PublicationObserver.NONE, keys);
    }

    private ErasureReport erase(PublicationObserver observer, String... keys) {
        try (Publisher publisher = namespace.publisher().observer(observer).build()) {
            return publisher.erase(dataset("customer"), bytes(keys), "a request");
        }
    }

    private static List<byte[]> bytes(String... keys) {
        return List.of(keys).stream()
                .map(key -> key.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private long blobsWith(String needle) {
        long found = 0;
        ByteString wanted = ByteString.copyFromUtf8(needle);
        try (BlobWriter blobs = namespace.memory.openWriter()) {
            for (BlobAddress address : namespace.blobs()) {
                byte[] content =
                        blobs.get(List.of(address)).toCompletableFuture().join().get(0);
                found += contains(ByteString.copyFrom(content), wanted) ? 1 : 0;
            }
        }
        return found;
    }

    private static boolean contains(ByteString content, ByteString wanted) {
        for (int at = 0; at + wanted.size() <= content.size(); at++) {
            if (content.substring(at, at + wanted.size()).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void noBlobHoldsTheKeyOnceVersionsAreCollected() {
        publish("Ada");
        publish("Bob");
        assertThat(blobsWith(SECRET)).isEqualTo(2);

        ErasureReport report = erase(SECRET);

        assertThat(report.keysErased()).isEqualTo(1);
        assertThat(report.purged()).containsExactly(1L, 2L);
        assertThat(report.publication().manifest().getRows()).isEqualTo(199);
        assertThat(report.publication().manifest().getRowsRemoved()).isEqualTo(1);
        assertThat(report.publication().manifest().getBucketsWritten()).isEqualTo(1);
        assertThat(report.publication().manifest().getDataAsOf().getSeconds())
                .isEqualTo(TestNamespace.START.minusSeconds(60).getEpochSecond());
        namespace.collect(TestNamespace.SWEEP_NOW);
        assertThat(blobsWith(SECRET)).isZero();
        assertThat(blobsWith("7700078")).isEqualTo(1);
        assertThat(namespace.rows("customer")).hasSize(199).doesNotContainKey(SECRET);
        namespace.assertNothingLeftBehind();
    }

    @Test
    void laterPublicationsLeaveItOutAndSayHowMany() {
        publish("Ada");
        erase(SECRET, "7700001");

        PublicationReport report = publish("Cid");

        assertThat(report.manifest().getRowsErased()).isEqualTo(2);
        assertThat(namespace.rows("customer")).hasSize(198).doesNotContainKey(SECRET);
        try (Publisher publisher = namespace.publisher().build()) {
            assertThat(publisher
                            .plan(Publication.builder(TestNamespace.NAME, TestContracts.CUSTOMER, customers("Dan"))
                                    .build())
                            .rowsErased())
                    .isEqualTo(2);
            assertThat(publisher.lift(dataset("customer"), bytes(SECRET, "unknown"), "a mistake"))
                    .isEqualTo(1);
        }
        publish("Cid");
        assertThat(namespace.rows("customer")).hasSize(199).containsKey(SECRET);
        assertThat(namespace.catalog().require().catalog().getAuditList())
                .filteredOn(entry -> !entry.getAction().equals("override"))
                .extracting(AuditEntry::getAction, AuditEntry::getDetail)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("erase", "2 keys: a request"),
                        org.assertj.core.groups.Tuple.tuple("purge", "version 1: a request"),
                        org.assertj.core.groups.Tuple.tuple("lift", "1 keys: a mistake"));
    }

    @Test
    void sparesVersionsThatNeverHadTheKey() {
        CustomerRows few = new CustomerRows().add(1, "Eve", 1).add(2, "Eve", 2);
        namespace.publish(Publication.builder(TestNamespace.NAME, TestContracts.CUSTOMER, few)
                .build());
        CustomerRows more = new CustomerRows().add(1, "Eve", 1).add(2, "Eve", 2).add(7_700_077, "Eve", 3);
        namespace.publish(Publication.builder(TestNamespace.NAME, TestContracts.CUSTOMER, more)
                .build());

        ErasureReport report = erase(SECRET);

        assertThat(report.purged()).containsExactly(2L);
        assertThat(namespace.entry("customer").getVersionsList())
                .extracting(VersionEntry::getNumber, VersionEntry::getState)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1L, VersionEntry.State.STATE_KEPT),
                        org.assertj.core.groups.Tuple.tuple(2L, VersionEntry.State.STATE_RETIRING),
                        org.assertj.core.groups.Tuple.tuple(3L, VersionEntry.State.STATE_KEPT));
        CatalogAdmin admin =
                new CatalogAdmin(namespace.memory, TestNamespace.NAME, "ops", namespace.clock, new Random(3));
        assertThatThrownBy(() -> admin.rollback("customer.v1", OptionalLong.of(2), false))
                .hasMessageContaining("being deleted");
    }

    @Test
    void deletesNothingWhileAServerLagsAndGoesOnWhenRunAgain() {
        long first = publish("Ada").manifest().getGeneration();
        namespace.serve("customer", first, 1, List.of(first), List.of());

        ErasureReport report = erase(SECRET);

        assertThat(report.complete()).isFalse();
        assertThat(report.purged()).isEmpty();
        assertThat(report.publication().outcome()).isEqualTo(Outcome.ADOPTION_INCOMPLETE);

        namespace.stopServing();
        ErasureReport again = erase(SECRET);
        assertThat(again.complete()).isTrue();
        assertThat(again.keysErased()).isZero();
        assertThat(again.keysErasedInAll()).isEqualTo(1);
        assertThat(again.purged()).containsExactly(1L);
    }

    @Test
    void whatWasNotedStaysOutEvenIfTheErasureDiesRightAfter() {
        publish("Ada");
        PublicationObserver die = (step, detail) -> {
            if (step == Step.READING) {
                throw new ThreadDeathOfTest();
            }
        };
        assertThatThrownBy(() -> erase(die, SECRET)).isInstanceOf(ThreadDeathOfTest.class);

        publish("Bob");

        assertThat(namespace.rows("customer")).hasSize(199).doesNotContainKey(SECRET);
        assertThat(erase(SECRET).purged()).containsExactly(1L);
    }

    private static final class ThreadDeathOfTest extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void aKeyThatNobodyHasIsKeptOutAllTheSame() {
        publish("Ada");
        ErasureReport report = erase("no-such-key");
        assertThat(report.publication().outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(report.keysErased()).isEqualTo(1);
        assertThat(report.purged()).isEmpty();
    }

    /** Else the largest number of all would name whose it was for as long as the dataset is upserted. */
    @Test
    void theLargestNumberGoesWithTheRowThatHadIt() {
        publish("Ada");

        FieldProfile spend = erase("7700199").publication().manifest().getFieldsList().stream()
                .filter(field -> field.getField()
                        == TestContracts.CUSTOMER
                                .descriptor()
                                .findFieldByName("spend_cents")
                                .getNumber())
                .findAny()
                .orElseThrow();

        assertThat(spend.hasMax()).isFalse();
        assertThat(spend.getMin()).isZero();
        assertThat(spend.getNumbers()).isEqualTo(199);
    }

    @Test
    void aDatasetThatIsNotThereIsNotFound() {
        publish("Ada");
        try (Publisher publisher = namespace.publisher().build()) {
            assertThatThrownBy(() -> publisher.erase(dataset("nobody"), bytes("1"), "x"))
                    .isInstanceOfSatisfying(
                            PublisherException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.NOT_FOUND));
        }
    }
}
