package io.penstock.publisher.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.contract.v1.FieldRules;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.testing.TestContracts;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FieldChecksBehaviourTest {
    @Test
    void refusesNullWhereTheContractSaysNotNull() {
        FieldRules rules = FieldRules.newBuilder().setNotNull(true).build();

        assertTaken(rules, "");
        assertRefused(rules, null, "the value is NULL, and the contract says not_null");
    }

    @Test
    void refusesABlankTextAndTakesNull() {
        FieldRules rules = FieldRules.newBuilder().setNotBlank(true).build();

        assertTaken(rules, " a ");
        assertTaken(rules, null);
        assertRefused(rules, "", "the value is blank, and the contract says not_blank");
        assertRefused(rules, " \t\n", "the value is blank, and the contract says not_blank");
    }

    @Test
    void comparesTheWholeTextWithThePattern() {
        FieldRules rules = FieldRules.newBuilder().setPattern("[A-Z]{2}").build();

        assertTaken(rules, "DE");
        assertTaken(rules, null);
        assertRefused(rules, "DEU", "the value does not match its pattern '[A-Z]{2}'");
    }

    /** Seven repetitions that share one text between them would try all shares. */
    @Test
    void endsAPatternThatWouldNotEnd() {
        FieldRules rules = FieldRules.newBuilder().setPattern(".*.*.*.*.*.*.*y").build();

        assertTaken(rules, "y");
        assertRefused(
                rules,
                "x".repeat(200),
                "the value takes too long to compare with its pattern '.*.*.*.*.*.*.*y' (simplify the" + " pattern)");
    }

    @Test
    void survivesAPatternThatNestsTooDeep() {
        FieldRules rules = FieldRules.newBuilder().setPattern("(a|b)*").build();

        assertTaken(rules, "abab");
        assertRefused(
                rules,
                "ab".repeat(400_000),
                "the value takes too long to compare with its pattern '(a|b)*' (simplify the pattern)");
    }

    private static void assertTaken(FieldRules rules, @Nullable String name) {
        RowConverter converter = converter(rules);
        converter.convert(new Object[] {"k", name}, 1);
        assertThat(converter.isNull(1)).isEqualTo(name == null);
    }

    private static void assertRefused(FieldRules rules, @Nullable String name, String message) {
        assertThatThrownBy(() -> converter(rules).convert(new Object[] {"k", name}, 7))
                .isInstanceOfSatisfying(SourceException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo("RULE_VIOLATED");
                })
                .hasMessage("row 7, field name: " + message);
    }

    private static RowConverter converter(FieldRules rules) {
        return new RowConverter(TestContracts.checked("orders", rules), List.of("id", "name"), false);
    }
}
