package io.penstock.contract.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.contract.Contract;
import io.penstock.contract.TestContracts;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the pairs of {@link EvolutionRulesTest} do not show: depth, each promise, and more than two contracts. */
class ContractEvolutionTest {
    private static final String TOTAL = field("total", 2, "TYPE_INT64", "");
    private static final String DEPRECATED = field("total", 2, "TYPE_INT64", "deprecated: true");
    private static final String RESERVED = "reserved_range { start: 2 end: 3 } reserved_name: 'total'";
    private static final String LINES =
            "field { name: 'lines' number: 3 type: TYPE_MESSAGE label: LABEL_REPEATED type_name: '.shop.orders.v1.Line' }"
                    + "field { name: 'state' number: 4 type: TYPE_ENUM label: LABEL_OPTIONAL"
                    + " type_name: '.shop.orders.v1.State' }";
    private static final String PARTS =
            "field { name: 'parts' number: 6 type: TYPE_MESSAGE label: LABEL_REPEATED type_name: '.shop.orders.v1.Line' }";

    @Test
    void takesTheSameContract() {
        Contract contract = order(TOTAL + LINES, PARTS, "value { name: 'STATE_NEW' number: 1 }");
        assertThat(ContractEvolution.check(contract, contract)).isEmpty();
        assertThat(ContractEvolution.check(List.of(), contract)).isEmpty();
    }

    @Test
    void takesAddedFieldsMessagesAndEnumValuesAtAnyDepth() {
        Contract before = order(TOTAL + LINES, "", "value { name: 'STATE_NEW' number: 1 }");
        Contract after = order(
                TOTAL + LINES + field("note", 7, "TYPE_STRING", ""),
                field("price", 5, "TYPE_INT64", "") + PARTS,
                "value { name: 'STATE_NEW' number: 1 } value { name: 'STATE_PAID' number: 2 }");
        assertThat(ContractEvolution.check(before, after)).isEmpty();
    }

    @Test
    void takesChangedCommentsAndOptionsThatPromiseNothing() {
        Contract before = TestContracts.order(TOTAL);
        Contract after = Contract.of(
                TestContracts.set(TestContracts.file("message_type { name: 'Order' options { deprecated: true"
                        + " [penstock.contract.v1.data_product] { name: 'orders' owner: 'other' description: 'Said'"
                        + " documentation: 'https://wiki/orders' checks { min_rows: 5 }"
                        + " lifecycle { stage: STAGE_DEPRECATED ends_on: '2027-06-30' successor: 'orders.v2' } } }"
                        + TestContracts.KEY_FIELD
                        + field(
                                "total",
                                2,
                                "TYPE_INT64",
                                "deprecated: true [penstock.contract.v1.field] { sensitivity: SENSITIVITY_SECRET unit: 'm'"
                                        + " description: 'Said' deprecation: 'use sum' }")
                        + "}"
                        + "source_code_info { location { path: [4, 0] span: [1, 1, 2] leading_comments: 'Said.' } }"
                        + "options { java_package: 'other' }")),
                TestContracts.MESSAGE);
        assertThat(after.digest()).isNotEqualTo(before.digest());
        assertThat(ContractEvolution.check(before, after)).isEmpty();
    }

    @Test
    void saysAFindingInOneLine() {
        Contract before = TestContracts.order(TOTAL);
        Contract after = TestContracts.order(
                field("sum", 2, "TYPE_INT64", "").replace("json_name: 'sum'", "json_name: 'total'"));
        assertThat(ContractEvolution.check(before, after))
                .singleElement()
                .hasToString("order.proto: FIELD_SAME_NAME: shop.orders.v1.Order.sum (2) was total; keep the name");
    }

    @Test
    void comparesNothingElseOfAnotherDataset() {
        Contract before = TestContracts.order("");
        Contract after = Contract.of(TestContracts.customer360(), "examples.customer_360.v1.Customer360");
        assertThat(ContractEvolution.check(before, after))
                .singleElement()
                .asString()
                .endsWith(": PENSTOCK_SAME_DATASET: examples.customer_360.v1.Customer360 is the dataset customer-360.v1"
                        + " and was orders.v1; compare it with a contract of its own dataset");
    }

    @ParameterizedTest
    @CsvSource({"int64, sint64, true", "int32, uint32, false", "int32, string, true"})
    void freezesTheTypesOfTheKey(String before, String after, boolean buf) {
        assertThat(rules(TestContracts.keyedBy(List.of(before)), TestContracts.keyedBy(List.of(after))))
                .containsExactly(
                        EvolutionRule.PENSTOCK_KEY_FROZEN,
                        buf ? EvolutionRule.FIELD_WIRE_JSON_COMPATIBLE_TYPE : EvolutionRule.PENSTOCK_FIELD_SAME_SIGN);
    }

    @Test
    void looksDeepIntoRecursiveMessages() {
        String secret = "[penstock.contract.v1.field] { sensitivity: SENSITIVITY_SECRET unit: 'g' }";
        assertThat(rules(
                        order(LINES, PARTS + field("weight", 5, "TYPE_INT64", secret), ""),
                        order(LINES, PARTS + field("weight", 5, "TYPE_INT64", ""), "")))
                .containsExactly(
                        EvolutionRule.PENSTOCK_FIELD_SAME_UNIT, EvolutionRule.PENSTOCK_FIELD_SENSITIVITY_NOT_LOOSENED);
        assertThat(rules(order(LINES, PARTS + field("price", 5, "TYPE_INT64", ""), ""), order(LINES, PARTS, "")))
                .contains(EvolutionRule.FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED);
    }

    @Test
    void looksIntoMaps() {
        assertThat(rules(TestContracts.order(labels("TYPE_STRING")), TestContracts.order(labels("TYPE_INT64"))))
                .containsExactly(EvolutionRule.FIELD_WIRE_JSON_COMPATIBLE_TYPE);
        assertThat(rules(TestContracts.order(labels("TYPE_INT32")), TestContracts.order(labels("TYPE_UINT32"))))
                .containsExactly(EvolutionRule.PENSTOCK_FIELD_SAME_SIGN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "freshness: '1h'; freshness: '2h'; had freshness 1h and has 2h",
                "freshness: '1h'; ''; had freshness 1h and has none",
                "p99: '5ms'; p99: '6ms'; had p99 5ms and has 6ms",
                "p99: '5ms'; ''; had p99 5ms and has none",
                "availability: '99.95%'; availability: '99.9%'; had availability 99.95% and has 99.9%",
                "availability: '99.9%'; ''; had availability 99.9% and has none",
                "lifecycle { stage: STAGE_DEPRECATED ends_on: '2027-06-30' };"
                        + " lifecycle { stage: STAGE_DEPRECATED ends_on: '2027-06-29' };"
                        + " had lifecycle.ends_on 2027-06-30 and has 2027-06-29",
            })
    void refusesAWeakerPromiseOfTheProduct(String before, String after, String change) {
        assertThat(ContractEvolution.check(promising(before, ""), promising(after, "")))
                .containsExactly(new Finding(
                        EvolutionRule.PENSTOCK_PROMISE_NOT_WEAKENED,
                        promising("", "").location(promising("", "").descriptor()),
                        TestContracts.MESSAGE,
                        change));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "expires_after: '2d'; expires_after: '1d'; had expires_after 2d and has 1d",
                "expires_after: '1d'; ''; had expires_after 1d and has none",
                "''; expires_after: '1d'; had expires_after none and has 1d",
            })
    void freezesTheExpiry(String before, String after, String change) {
        assertThat(ContractEvolution.check(promising(before, ""), promising(after, "")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.rule()).isEqualTo(EvolutionRule.PENSTOCK_EXPIRY_FROZEN))
                .satisfies(finding -> assertThat(finding.change()).isEqualTo(change));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "min: 0; min: -1; had min 0 and has -1",
                "min: 0; ''; had min 0 and has none",
                "max: 5.5; max: 6; had max 5.5 and has 6",
                "max: 5; ''; had max 5 and has none",
                "not_null: true; ''; had not_null true and has false",
                "unique: true; ''; had unique true and has false",
            })
    void refusesAWeakerCheckOfANumber(String before, String after, String change) {
        assertCheckWeakened(promising("", before), promising("", after), change);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "not_blank: true; ''; had not_blank true and has false",
                "pattern: 'a'; ''; had pattern a and has none",
                "pattern: 'a'; pattern: 'b'; had pattern a and has b",
            })
    void refusesAWeakerCheckOfAText(String before, String after, String change) {
        assertCheckWeakened(
                TestContracts.order(field("code", 2, "TYPE_STRING", option(before))),
                TestContracts.order(field("code", 2, "TYPE_STRING", option(after))),
                change);
    }

    private static void assertCheckWeakened(Contract before, Contract after, String change) {
        assertThat(ContractEvolution.check(before, after))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.rule()).isEqualTo(EvolutionRule.PENSTOCK_FIELD_CHECK_NOT_WEAKENED))
                .satisfies(finding -> assertThat(finding.change()).isEqualTo(change));
    }

    @Test
    void takesAProductThatStaysAfterAll() {
        assertThat(ContractEvolution.check(
                        promising("lifecycle { stage: STAGE_DEPRECATED ends_on: '2027-06-30' }", ""),
                        promising("lifecycle { stage: STAGE_ACTIVE }", "")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "UNSPECIFIED, PUBLIC, true",
        "INTERNAL, UNSPECIFIED, false",
        "UNSPECIFIED, INTERNAL, false",
        "PUBLIC, UNSPECIFIED, false",
        "PERSONAL, INTERNAL, true",
        "SECRET, PERSONAL, true",
        "PUBLIC, SECRET, false",
    })
    void ordersSensitivities(String before, String after, boolean refused) {
        assertThat(rules(
                        promising("", "sensitivity: SENSITIVITY_" + before),
                        promising("", "sensitivity: SENSITIVITY_" + after)))
                .isEqualTo(refused ? List.of(EvolutionRule.PENSTOCK_FIELD_SENSITIVITY_NOT_LOOSENED) : List.of());
    }

    @Test
    void takesARemovalThatTheContractBeforeAnnounced() {
        Contract first = TestContracts.order(TOTAL);
        Contract announcing = TestContracts.order(DEPRECATED);
        Contract without = TestContracts.order(RESERVED);

        assertThat(ContractEvolution.check(List.of(first, announcing), without)).isEmpty();
        assertThat(ContractEvolution.check(List.of(first, announcing, without), without))
                .isEmpty();
    }

    @Test
    void refusesARemovalThatWasCalledOff() {
        Contract other = TestContracts.order(TOTAL + field("note", 7, "TYPE_STRING", ""));
        Contract without = TestContracts.order(RESERVED + field("note", 7, "TYPE_STRING", ""));

        assertThat(ContractEvolution.check(List.of(TestContracts.order(DEPRECATED), other), without))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.rule()).isEqualTo(EvolutionRule.PENSTOCK_FIELD_NO_DELETE_UNLESS_DEPRECATED));
    }

    @Test
    void refusesARemovedFieldThatComesBackAsSomethingElse() {
        List<Contract> earlier =
                List.of(TestContracts.order(TOTAL), TestContracts.order(DEPRECATED), TestContracts.order(RESERVED));

        assertThat(ContractEvolution.check(earlier, TestContracts.order(field("total", 2, "TYPE_STRING", ""))))
                .extracting(Finding::rule)
                .containsOnly(EvolutionRule.FIELD_WIRE_JSON_COMPATIBLE_TYPE, EvolutionRule.RESERVED_MESSAGE_NO_DELETE);
    }

    @Test
    void saysOnceWhatBreaksSeveral() {
        Contract one = TestContracts.order(TOTAL);
        Contract two = TestContracts.order(TOTAL + field("note", 7, "TYPE_STRING", ""));

        assertThat(ContractEvolution.check(
                        List.of(one, two),
                        TestContracts.order(
                                field("total", 2, "TYPE_STRING", "") + field("note", 7, "TYPE_STRING", ""))))
                .hasSize(1);
    }

    private static List<EvolutionRule> rules(Contract before, Contract after) {
        return ContractEvolution.check(before, after).stream()
                .map(Finding::rule)
                .toList();
    }

    private static Contract order(String fields, String line, String state) {
        return TestContracts.order(
                fields,
                "message_type { name: 'Line' " + field("count", 1, "TYPE_INT32", "") + line + " }"
                        + "enum_type { name: 'State' value { name: 'STATE_UNSPECIFIED' number: 0 } " + state + " }");
    }

    private static Contract promising(String product, String rules) {
        return Contract.of(
                TestContracts.set(TestContracts.file("message_type { name: 'Order' options {"
                        + " [penstock.contract.v1.data_product] { name: 'orders' owner: 'shop' " + product + " } }"
                        + TestContracts.KEY_FIELD + field("size", 2, "TYPE_INT64", option(rules)) + " }")),
                TestContracts.MESSAGE);
    }

    private static String option(String rules) {
        return "[penstock.contract.v1.field] { " + rules + " }";
    }

    private static String field(String name, int number, String type, String options) {
        return "field { name: '" + name + "' number: " + number + " type: " + type
                + " label: LABEL_OPTIONAL json_name: '" + name + "' options { " + options + " } }";
    }

    private static String labels(String valueType) {
        return "field { name: 'labels' number: 2 type: TYPE_MESSAGE label: LABEL_REPEATED json_name: 'labels'"
                + " type_name: '.shop.orders.v1.Order.LabelsEntry' }"
                + "nested_type { name: 'LabelsEntry' options { map_entry: true } "
                + field("key", 1, "TYPE_STRING", "") + field("value", 2, valueType, "") + " }";
    }
}
