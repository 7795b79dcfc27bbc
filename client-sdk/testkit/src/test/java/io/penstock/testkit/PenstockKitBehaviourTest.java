package io.penstock.testkit;

import static io.penstock.testkit.Rows.CUSTOMERS;
import static io.penstock.testkit.Rows.STOCKS;
import static io.penstock.testkit.Rows.customer;
import static io.penstock.testkit.Rows.look;
import static io.penstock.testkit.Rows.name;
import static io.penstock.testkit.Rows.pieces;
import static io.penstock.testkit.Rows.stock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.penstock.client.Lookup;
import io.penstock.client.NotFoundException;
import io.penstock.client.Outcome;
import io.penstock.client.PenstockClient;
import io.penstock.client.ReadOptions;
import io.penstock.client.Session;
import io.penstock.client.StaleDataException;
import io.penstock.client.UnavailableException;
import io.penstock.publisher.PublisherException;
import io.penstock.serving.v1.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import shop.customer.v1.Customer;
import shop.stock.v1.Note;
import shop.stock.v1.Stock;

class PenstockKitBehaviourTest {
    private static final PenstockKit KIT = PenstockKit.builder()
            .contract(Customer.getDescriptor())
            .contract(Stock.getDescriptor())
            .start();
    private static final PenstockClient CLIENT = KIT.client();

    @BeforeEach
    void reset() {
        KIT.reset();
    }

    @AfterAll
    static void close() {
        KIT.close();
    }

    @Test
    void servesWhatWasPublishedAndNothingElse() {
        assertThatThrownBy(() -> look(CLIENT, 1)).isInstanceOf(NotFoundException.class);

        assertThat(KIT.publish(customer(1, "Ada"), customer(2, "Bob"))).isEqualTo(new Swap(CUSTOMERS, 1, 1));
        assertThat(name(CLIENT, 1)).isEqualTo("Ada");
        assertThat(name(CLIENT, 2)).isEqualTo("Bob");
        assertThat(name(CLIENT, 3)).isEqualTo("nobody");

        assertThat(KIT.publish(List.of(customer(3, "Eve")))).isEqualTo(new Swap(CUSTOMERS, 2, 2));
        assertThat(name(CLIENT, 1)).isEqualTo("nobody");
        assertThat(name(CLIENT, 3)).isEqualTo("Eve");
        assertThat(look(CLIENT, 3).version()).isEqualTo(2);
    }

    @Test
    void failsSingleKeysOfABatch() {
        KIT.publish(customer(1, "Ada"));
        assertThat(CLIENT.batchGet(CUSTOMERS, List.of("", "1", "2")).lookups())
                .extracting(Lookup::outcome)
                .containsExactly(Outcome.FAILED, Outcome.FOUND, Outcome.ABSENT);
        assertThat(CLIENT.batchGet(CUSTOMERS, List.of("")).lookups())
                .extracting(Lookup::outcome)
                .containsExactly(Outcome.FAILED);
    }

    @Test
    void changesAFewRowsOfTheCurrentVersion() {
        KIT.publish(customer(1, "Ada"), customer(2, "Bob"));
        KIT.upsert(customer(2, "Bert"), customer(3, "Eve"));
        assertThat(List.of(name(CLIENT, 1), name(CLIENT, 2), name(CLIENT, 3))).containsExactly("Ada", "Bert", "Eve");

        KIT.delete(customer(1, ""));
        assertThat(List.of(name(CLIENT, 1), name(CLIENT, 2), name(CLIENT, 3))).containsExactly("nobody", "Bert", "Eve");

        KIT.rollback(CUSTOMERS, 1);
        KIT.upsert(customer(4, "Kim"));
        assertThat(List.of(name(CLIENT, 1), name(CLIENT, 2), name(CLIENT, 3), name(CLIENT, 4)))
                .as("a change builds on what is current, not on what was published last")
                .containsExactly("Ada", "Bob", "nobody", "Kim");

        KIT.clear(CUSTOMERS);
        assertThat(name(CLIENT, 4)).isEqualTo("nobody");
        KIT.upsert(customer(5, "Lea"));
        assertThat(name(CLIENT, 5)).isEqualTo("Lea");
    }

    @Test
    void publishesSeveralDatasetsInOneStepAndTakesThemBackInOne() {
        KIT.publishTogether(customer(1, "Ada"), stock("pen", 7, 3));
        assertThat(KIT.publishTogether(stock("pen", 7, 5), customer(1, "Ada L."), stock("ink", 7, 1)))
                .containsExactly(new Swap(STOCKS, 2, 2), new Swap(CUSTOMERS, 2, 2));
        assertThat(pieces(CLIENT, "pen", 7)).isEqualTo(5);

        assertThat(KIT.rollback(STOCKS)).isEqualTo(new Swap(STOCKS, 1, 3));
        assertThat(pieces(CLIENT, "pen", 7)).isEqualTo(3);
        assertThat(pieces(CLIENT, "ink", 7)).isEqualTo(-1);
        assertThat(name(CLIENT, 1)).isEqualTo("Ada");
    }

    @Test
    void equalRowsMakeNoVersion() {
        KIT.publish(customer(1, "Ada"), customer(2, "Bob"));
        assertThat(KIT.publish(customer(2, "Bob"), customer(1, "Ada"))).isEqualTo(new Swap(CUSTOMERS, 1, 1));
    }

    @Test
    void showsServersThatAreLate() {
        Session session = CLIENT.session();
        KIT.publish(customer(1, "Ada"));
        KIT.pauseAdoption();
        KIT.pauseAdoption();
        assertThat(KIT.upsert(customer(1, "Ada L."))).isEqualTo(new Swap(CUSTOMERS, 2, 2));
        assertThat(name(CLIENT, 1)).isEqualTo("Ada");
        assertThat(KIT.current(CUSTOMERS).version()).isEqualTo(2);
        assertThatThrownBy(() -> CLIENT.get(CUSTOMERS, "1", ReadOptions.none().withMinRevision(2)))
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.REASON_REVISION_NOT_REACHED));

        KIT.resumeAdoption();
        assertThat(session.get(CUSTOMERS, "1", Customer.parser()).version()).isEqualTo(2);
        KIT.rollback(CUSTOMERS);
        assertThat(session.get(CUSTOMERS, "1", Customer.parser()).revision()).isEqualTo(3);
    }

    @Test
    void publishesDataThatIsOld() {
        Instant lastWeek = Instant.now().minus(Duration.ofDays(7));
        KIT.publishAsOf(lastWeek, customer(1, "Ada"));
        assertThat(look(CLIENT, 1).dataAsOf()).isEqualTo(lastWeek);
        assertThatThrownBy(() -> CLIENT.get(CUSTOMERS, "1", ReadOptions.none().withMaxAge(Duration.ofDays(1))))
                .isInstanceOf(StaleDataException.class);
    }

    @Test
    void refusesRowsThatProductionRefuses() {
        assertThatThrownBy(() -> KIT.publish(customer(1, "Ada"), customer(2, " ")))
                .isInstanceOf(PublisherException.class)
                .hasMessage(
                        "default/customer.v1: row 2, field name: the value is blank, and the contract says not_blank");
        assertThatThrownBy(() -> KIT.publish(
                        customer(1, "Ada").toBuilder().setEmail("ada").build()))
                .hasMessage("default/customer.v1: row 1, field email: the value does not match its pattern '.+@.+'");
        assertThatThrownBy(() -> KIT.publish(
                        customer(1, "Ada").toBuilder().setSpendCents(-1).build()))
                .hasMessage("default/customer.v1: row 1, field spend_cents: the value is below its min 0");
        assertThatThrownBy(() -> KIT.publish(customer(1, "Ada"), customer(1, "Bob")))
                .isInstanceOf(PublisherException.class)
                .hasMessageContaining("key");
        assertThatThrownBy(() -> KIT.publish(stock("", 0, 1), stock("", 0, 2))).isInstanceOf(PublisherException.class);
        assertThatThrownBy(() -> KIT.current(CUSTOMERS))
                .hasMessage("customer.v1: nothing was published (expected: publish first)");
    }

    @Test
    void saysWhatIsWrongWithATest() {
        assertThatThrownBy(() -> KIT.publish(Note.getDefaultInstance()))
                .isInstanceOf(KitException.class)
                .hasMessage("row: a shop.stock.v1.Note, whose contract is not registered (expected: one of"
                        + " [shop.customer.v1.Customer, shop.stock.v1.Stock]; add .contract(Note.getDescriptor()) to the"
                        + " builder)");
        assertThatThrownBy(() -> KIT.publish(customer(1, "Ada"), stock("pen", 1, 1)))
                .hasMessage("publish: rows of [customer.v1, stock.v1] (expected: of one dataset; publishTogether takes"
                        + " several)");
        assertThatThrownBy(() -> KIT.publish(List.<Message>of()))
                .hasMessage("publish: no rows (expected: at least one; clear(dataset) publishes an empty version)");
        assertThatThrownBy(() -> KIT.clear("customers.v1"))
                .hasMessage("dataset: customers.v1 (expected: one of [customer.v1, stock.v1])");
        assertThatThrownBy(() -> KIT.rollback(CUSTOMERS)).isInstanceOf(PublisherException.class);
        assertThatThrownBy(() ->
                        PenstockKit.builder().contract(Note.getDescriptor()).start())
                .isInstanceOf(KitException.class)
                .hasMessageStartingWith("contract: shop.stock.v1.Note is no contract: ");
        assertThatThrownBy(() -> PenstockKit.builder()
                        .contract(Stock.getDescriptor())
                        .contract(Stock.getDescriptor())
                        .start())
                .hasMessage("contract: shop.stock.v1.Stock is registered twice (expected: once)");
    }

    @Test
    void forgetsEverythingAtAReset() {
        KIT.publish(customer(1, "Ada"));
        KIT.publish(customer(1, "Ada L."));
        KIT.faults().slow(Duration.ofSeconds(30));
        String address = KIT.address();
        KIT.reset();
        assertThat(KIT.address()).isEqualTo(address);
        assertThatThrownBy(() -> look(CLIENT, 1)).isInstanceOf(NotFoundException.class);
        assertThat(KIT.publish(customer(2, "Bob"))).isEqualTo(new Swap(CUSTOMERS, 1, 1));
        assertThat(name(CLIENT, 2)).isEqualTo("Bob");
        assertThat(name(CLIENT, 1)).isEqualTo("nobody");
    }

    @Test
    void beginsWithTheBuildersRowsEachTime() {
        try (PenstockKit kit = PenstockKit.builder()
                .contract(Customer.getDescriptor())
                .contract(Stock.getDescriptor())
                .rows(customer(1, "Ada"), stock("pen", 1, 5))
                .start()) {
            assertThat(name(kit.client(), 1)).isEqualTo("Ada");
            kit.delete(customer(1, "Ada"));
            kit.reset();
            assertThat(name(kit.client(), 1)).isEqualTo("Ada");
            assertThat(pieces(kit.client(), "pen", 1)).isEqualTo(5);
        }
    }

    @Test
    void takesTheServersSettings() {
        try (PenstockKit kit = PenstockKit.builder()
                .contract(Customer.getDescriptor())
                .setting("limits.key_bytes", "3")
                .start()) {
            kit.publish(customer(1, "Ada"));
            assertThatThrownBy(() -> look(kit.client(), 1234)).hasMessageContaining("limits.key_bytes");
        }
    }

    @Test
    void isOverWhenItIsClosed() {
        PenstockKit kit =
                PenstockKit.builder().contract(Customer.getDescriptor()).start();
        kit.close();
        kit.close();
        assertThatThrownBy(() -> kit.publish(customer(1, "Ada"))).hasMessage("kit: closed (expected: open)");
    }
}
