package io.penstock.publisher.guardrail;

import static io.penstock.publisher.testing.TestNamespace.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.publisher.Outcome;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.TestContracts;
import io.penstock.publisher.testing.CustomerRows;
import io.penstock.publisher.testing.TestNamespace;
import io.penstock.storage.v1.CheckResult;
import io.penstock.storage.v1.FieldProfile;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The guardrails that somebody has to declare, through whole publications. */
class DeclaredGuardrailsBehaviourTest {
    private final TestNamespace namespace = new TestNamespace();

    private static Publication.Builder publication(CustomerRows rows, UnaryOperator<Guardrails.Builder> declared) {
        return Publication.builder(TestNamespace.NAME, TestContracts.CUSTOMER, rows)
                .guardrails(declared.apply(Guardrails.DEFAULTS.toBuilder()).build());
    }

    /** 100 customers with the ids 1 to 100, spending {@code spend} cents more than their id; {@code changed} of them 1 more. */
    private static CustomerRows customers(int spend, int changed) {
        CustomerRows rows = new CustomerRows();
        for (int id = 1; id <= 100; id++) {
            rows.add(id, "customer " + id % 4, spend + id + (id <= changed ? 1 : 0));
        }
        return rows;
    }

    private void publish(CustomerRows rows) {
        namespace.publish(publication(rows, declared -> declared).build());
    }

    private void assertRefused(CustomerRows rows, UnaryOperator<Guardrails.Builder> declared, String why) {
        PublisherException e = catchThrowableOfType(
                PublisherException.class,
                () -> namespace.publish(publication(rows, declared).build()));
        assertThat(e).as("refused for " + why).isNotNull();
        assertThat(e.category()).isEqualTo(Category.REFUSED);
        assertThat(e)
                .hasMessage("tests/customer.v1: not published: " + why
                        + "; correct the data, or let it pass with --override CHECK --reason TEXT");
        namespace.assertNothingLeftBehind();
    }

    private String passed(CustomerRows rows, UnaryOperator<Guardrails.Builder> declared, String check) {
        PublicationReport report = namespace.publish(publication(rows, declared).build());
        for (CheckResult result : report.manifest().getChecksList()) {
            if (result.getCheck().equals(check)) {
                return result.getVerdict().name().substring("VERDICT_".length()) + " " + result.getDetail();
            }
        }
        return "not run";
    }

    private static FieldLimits none() {
        return FieldLimits.NONE;
    }

    @Test
    void refusesTooManyRows() {
        assertRefused(
                customers(0, 0), declared -> declared.rowsMax(99), "rows-present: 100 rows (expected: >= 1, <= 99)");
    }

    @Test
    void refusesTooLargeAShareOfUpdatedRows() {
        publish(customers(0, 0));
        assertRefused(
                customers(0, 61),
                declared -> declared.rowsUpdatedMax(0.6),
                "rows-updated: 61 of 100 rows have another value: 61.0 % (expected: at most 60.0 %)");
        assertThat(passed(customers(0, 60), declared -> declared.rowsUpdatedMax(0.6), "rows-updated"))
                .isEqualTo("PASSED 60 of 100 rows have another value: 60.0 % (expected: at most 60.0 %)");
    }

    @Test
    void refusesTooLargeAShareOfNewAndUpdatedRows() {
        publish(customers(0, 0));
        CustomerRows rows = customers(0, 10);
        for (int id = 200; id < 241; id++) {
            rows.add(id, "new", 1);
        }
        assertRefused(
                rows,
                declared -> declared.rowsChangedMax(0.5),
                "rows-changed: 51 of 100 rows are new or have another value: 51.0 % (expected: at most 50.0 %)");
    }

    @Test
    void refusesTooLargeAShareOfRemovedRows() {
        publish(customers(0, 0));
        CustomerRows rows = new CustomerRows();
        for (int id = 11; id <= 110; id++) {
            rows.add(id, "customer " + id % 4, id);
        }
        assertRefused(
                rows,
                declared -> declared.rowsRemovedMax(0.05),
                "rows-removed: 10 of 100 rows are gone: 10.0 % (expected: at most 5.0 %)");
    }

    @Test
    void hasNothingToCompareTheFirstVersionWith() {
        assertThat(passed(customers(0, 0), declared -> declared.rowsChangedMax(0), "rows-changed"))
                .isEqualTo("NOT_APPLICABLE no rows to compare with");
    }

    @Test
    void refusesRowsThatGrew() {
        publish(customers(0, 0));
        CustomerRows rows = new CustomerRows();
        for (int id = 1; id <= 100; id++) {
            rows.add(id, "a customer with a much longer name " + id, id);
        }
        PublisherException e = catchThrowableOfType(
                PublisherException.class,
                () -> namespace.publish(publication(rows, declared -> declared.rowSizeGrowthMax(0.5))
                        .build()));
        assertThat(e).hasMessageContaining("row-size-growth: ").hasMessageContaining("(expected: at most +50.0 %)");
    }

    @Test
    void refusesOldDataAndDataOfUnknownAge() {
        assertRefused(
                customers(0, 0).asOf(START.minus(Duration.ofMinutes(1_561))),
                declared -> declared.dataAgeMax(Duration.ofHours(26)),
                "data-age: data_as_of is 2026-02-27T21:59:00Z, 26h01m00s ago (expected: at most 26h00m00s)");
        assertRefused(
                customers(0, 0),
                declared -> declared.dataAgeMax(Duration.ofHours(26)),
                "data-age: the source declares no data_as_of, so the age of its data is not known");
    }

    /** A source that is stuck gives the same rows again and again. */
    @Test
    void oldDataIsRefusedAlsoWhenItIsWhatIsThereAlready() {
        Publication publication = Publication.builder(
                        TestNamespace.NAME,
                        TestContracts.CUSTOMER,
                        customers(0, 0).asOf(START))
                .guardrails(Guardrails.DEFAULTS.toBuilder()
                        .dataAgeMax(Duration.ofHours(26))
                        .build())
                .build();
        namespace.publish(publication);
        assertThat(namespace.publish(publication).outcome()).isEqualTo(Outcome.UNCHANGED);
        namespace.clock.advance(Duration.ofHours(27));

        assertThatThrownBy(() -> namespace.publish(publication))
                .hasMessageContaining("data-age: data_as_of is 2026-03-01T00:00:00Z, 27h00m00s ago");
    }

    @Test
    void refusesTooManyNulls() {
        assertRefused(
                customers(0, 0),
                declared -> declared.field("last_order_at", none().withNullRate(0.99)),
                "null-rate: last_order_at is NULL in 100.0 % of the rows (expected: at most 99.0 %)");
    }

    @Test
    void refusesTooManyBlanks() {
        assertRefused(
                customers(0, 0).add(101, "", 1).add(102, " ", 1),
                declared -> declared.field("name", none().withBlankRate(0.01)),
                "blank-rate: name is blank in 2.0 % of the rows (expected: at most 1.0 %)");
    }

    @Test
    void refusesTooFewAndTooManyDifferentValues() {
        assertRefused(
                customers(0, 0),
                declared -> declared.field("name", none().withDistinct(5, Guardrails.ANY)),
                "distinct-count: name has about 4 different values (expected: >= 5)");
        assertRefused(
                customers(0, 0),
                declared -> declared.field("name", none().withDistinct(2, 3)),
                "distinct-count: name has about 4 different values (expected: 2 to 3)");
    }

    @Test
    void refusesNumbersOutOfRangeAndNamesEveryField() {
        assertRefused(
                customers(0, 0),
                declared -> declared.field("customer_id", none().withRange(2, 1_000))
                        .field("spend_cents", none().withRange(-Guardrails.ANY, 99.5)),
                "range: customer_id is not within (expected: 2 to 1000), spend_cents is from 1 to 100 (expected: <= 99.5)");
    }

    @Test
    void refusesAMeanThatMoved() {
        publish(customers(0, 0));
        assertRefused(
                customers(10, 0),
                declared -> declared.field("spend_cents", none().withMeanShift(0.1)),
                "mean-shift: spend_cents has the mean 60.5, 50.5 before: +19.8 % (expected: at most 10.0 %)");
    }

    @Test
    void refusesCanariesThatAreGoneOrHoldSomethingElse() {
        assertRefused(
                customers(0, 0),
                declared -> declared.canary("7", Map.of("name", "customer 3", "spend_cents", "8"))
                        .canary("101", Map.of())
                        .canary("8", Map.of("name", "customer 0")),
                "canary-keys: canary 1 differs in spend_cents; canary 2 is not there (of 3)");
        assertThat(passed(
                        customers(0, 0),
                        declared -> declared.canary("7", Map.of("name", "customer 3", "spend_cents", "7")),
                        "canary-keys"))
                .isEqualTo("PASSED all 1 are there and hold what is expected");
    }

    @Test
    void keepsWhatTheNextPublicationIsComparedWith() {
        PublicationReport report = namespace.publish(publication(
                        customers(0, 0), declared -> declared.field("name", none().withDistinct(1, 10)))
                .build());

        assertThat(report.manifest().getFieldsList())
                .contains(
                        FieldProfile.newBuilder()
                                .setField(1)
                                .setNumbers(100)
                                .setMean(50.5)
                                .build(),
                        FieldProfile.newBuilder().setField(2).setDistinct(4).build(),
                        FieldProfile.newBuilder()
                                .setField(3)
                                .setNumbers(100)
                                .setMin(1)
                                .setMax(100)
                                .setMean(50.5)
                                .build());
    }

    @Test
    void refusesALimitThatNoRowCouldBeHeldAgainst() {
        assertImpossible(
                declared -> declared.field("nmae", none().withBlankRate(0)),
                "checks: nmae is no field of penstock.test.customer.v1.Customer");
        assertImpossible(
                declared -> declared.field("name", none().withMeanShift(0)),
                "mean-shift: penstock.test.customer.v1.Customer.name cannot be checked (expected: a field that is a number)");
        assertImpossible(
                declared -> declared.field("spend_cents", none().withBlankRate(0)),
                "blank-rate: penstock.test.customer.v1.Customer.spend_cents cannot be checked (expected: a field that is"
                        + " a text)");
        assertImpossible(
                declared -> declared.canary("1", Map.of("spend_cents", "many")),
                "canary-keys: canary 1: spend_cents: 'many' (expected: a whole number)");
        assertImpossible(
                declared -> declared.canary("1", Map.of("spend", "1")),
                "canary-keys: canary 1: spend is no field of penstock.test.customer.v1.Customer");
    }

    private static void assertImpossible(UnaryOperator<Guardrails.Builder> declared, String why) {
        assertThatThrownBy(() -> publication(new CustomerRows(), declared).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }
}
