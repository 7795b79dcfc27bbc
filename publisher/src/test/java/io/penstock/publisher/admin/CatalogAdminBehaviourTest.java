package io.penstock.publisher.admin;

import static io.penstock.publisher.testing.TestNamespace.items;
import static io.penstock.publisher.testing.TestNamespace.publication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.store.blob.BlobAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CatalogAdminBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();
    private final CatalogAdmin admin =
            new CatalogAdmin(namespace.memory, TestNamespace.NAME, "ops", namespace.clock, new Random(5));

    @Test
    void goesBackToTheParentExactly() {
        namespace.publish("orders", items(500, 1));
        namespace.publish("orders", items(500, 2));

        RollbackReport report = admin.rollback("orders.v1", OptionalLong.empty(), false);

        assertThat(report.datasets()).containsExactly(new RollbackReport.Moved("orders.v1", 2, 1, 3));
        assertThat(namespace.rows("orders")).isEqualTo(items(500, 1));
        assertThat(admin.rollback("orders.v1", OptionalLong.of(1), false).moved())
                .isFalse();
    }

    @Test
    void takesThePartnersOfAnUndoneCommitAlong() {
        try (Publisher publisher = namespace.publisher().build()) {
            for (int i = 1; i <= 2; i++) {
                publisher.publishAtomically(
                        List.of(publication("orders", items(100, i)), publication("stock", items(100, i))));
            }
        }
        assertThat(admin.rollback("stock.v1", OptionalLong.of(1), false).datasets())
                .extracting(RollbackReport.Moved::dataset)
                .containsExactly("stock.v1", "orders.v1");
        assertThat(namespace.rows("orders")).isEqualTo(items(100, 1));
    }

    @Test
    void refusesATargetThatIsNotWhole() {
        long first = namespace.publish("orders", items(500, 1)).manifest().getGeneration();
        namespace.publish("orders", items(500, 2));
        namespace.delete(BlobAddress.chunk(TestNamespace.dataset("orders"), first, 0));

        assertThatThrownBy(() -> admin.rollback("orders.v1", OptionalLong.empty(), false))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.DATA_LOSS))
                .hasMessage("tests/orders.v1: version 1 cannot be served, its chunk 0 is MISSING; go back to another"
                        + " version, or publish a snapshot of the data");
    }

    @Test
    void namesWhatIsNotThere() {
        namespace.publish("orders", items(10, 1));
        assertThatThrownBy(() -> admin.rollback("orders.v1", OptionalLong.of(9), false))
                .hasMessage("orders.v1: there is no version 9; see 'penstock versions orders.v1 --store URL'");
        assertThatThrownBy(() -> admin.rollback("nothing.v1", OptionalLong.of(9), false))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.category()).isEqualTo(Category.NOT_FOUND));
    }

    @Test
    void pausesAndResumes() {
        namespace.publish("orders", items(10, 1));
        admin.pause("orders.v1", "migration");
        assertThatThrownBy(() -> namespace.publish("orders", items(11, 1))).hasMessageContaining("paused by ops");
        admin.resume("orders.v1");
        assertThat(namespace.publish("orders", items(11, 1)).manifest().getRows())
                .isEqualTo(11);
    }
}
