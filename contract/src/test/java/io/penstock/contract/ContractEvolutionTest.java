package io.penstock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.contract.Finding.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractEvolutionTest {
    private static final String NAME = field("name", 2, "TYPE_STRING");
    private static final String LINES =
            "field { name: 'lines' number: 3 type: TYPE_MESSAGE label: LABEL_REPEATED type_name: '.shop.orders.v1.Line'"
                    + " json_name: 'lines' }"
                    + "field { name: 'state' number: 4 type: TYPE_ENUM label: LABEL_OPTIONAL"
                    + " type_name: '.shop.orders.v1.State' json_name: 'state' }";

    @Test
    void takesTheSameContract() {
        Contract contract = order(NAME + LINES, line(""), state("value { name: 'STATE_NEW' number: 1 }"));
        assertThat(ContractEvolution.check(contract, contract)).isEmpty();
    }

    @Test
    void takesAddedFieldsMessagesAndEnumValuesAtAnyDepth() {
        Contract before = order(NAME + LINES, line(""), state("value { name: 'STATE_NEW' number: 1 }"));
        Contract after = order(
                NAME + LINES + field("note", 7, "TYPE_STRING"),
                line(field("price", 5, "TYPE_INT64")
                        + "field { name: 'parts' number: 6 type: TYPE_MESSAGE label: LABEL_REPEATED"
                        + " type_name: '.shop.orders.v1.Line' json_name: 'parts' }"),
                state("value { name: 'STATE_NEW' number: 1 } value { name: 'STATE_PAID' number: 2 }"));
        assertThat(ContractEvolution.check(before, after)).isEmpty();
        assertThat(ContractEvolution.check(after, after)).isEmpty();
    }

    @Test
    void takesChangedCommentsAndOptionsThatPromiseNothing() {
        Contract before = TestContracts.order(NAME);
        Contract after = Contract.of(
                TestContracts.set(TestContracts.file("message_type { name: 'Order' options { deprecated: true"
                        + " [penstock.contract.v1.data_product] { name: 'orders' owner: 'other' description: 'Said' } }"
                        + TestContracts.KEY_FIELD
                        + "field { name: 'name' number: 2 type: TYPE_STRING label: LABEL_OPTIONAL json_name: 'name'"
                        + " options { deprecated: true"
                        + " [penstock.contract.v1.field] { sensitivity: SENSITIVITY_SECRET unit: 'm' } } } }"
                        + "source_code_info { location { path: [4, 0] span: [1, 1, 2] leading_comments: 'Said.' } }"
                        + "options { java_package: 'other' }")),
                TestContracts.MESSAGE);
        assertThat(after.digest()).isNotEqualTo(before.digest());
        assertThat(ContractEvolution.check(before, after)).isEmpty();
    }

    @Test
    void refusesAnotherDataset() {
        Contract before = TestContracts.order("");
        Contract after = Contract.of(TestContracts.customer360(), "examples.customer_360.v1.Customer360");
        assertThat(ContractEvolution.check(before, after))
                .containsExactly(new Finding(
                        Rule.DATASET_CHANGED,
                        "shop.orders.v1.Order",
                        "was dataset orders.v1 and is customer-360.v1",
                        "compare contracts of one dataset"));
    }

    @Test
    void refusesAnotherMessage() {
        Contract before = TestContracts.order("");
        Contract after = Contract.of(
                TestContracts.set(TestContracts.file("message_type { name: 'Purchase' " + TestContracts.PRODUCT_OPTION
                        + TestContracts.KEY_FIELD + "}")),
                "shop.orders.v1.Purchase");
        assertFound(before, after, Rule.MESSAGE_CHANGED, "shop.orders.v1.Order", "became shop.orders.v1.Purchase");
    }

    @Test
    void refusesAnotherKey() {
        Contract before = TestContracts.order(NAME);
        Contract after = TestContracts.order(
                "field { name: 'name' number: 2 type: TYPE_STRING label: LABEL_OPTIONAL json_name: 'name'"
                        + " options { [penstock.contract.v1.field] { key: true } } }");
        assertFound(
                before,
                after,
                Rule.KEY_CHANGED,
                "shop.orders.v1.Order",
                "the key was made of the fields [1] and is made of [1, 2]");
        assertFound(
                after,
                before,
                Rule.KEY_CHANGED,
                "shop.orders.v1.Order",
                "the key was made of the fields [1, 2] and is made of [1]");
    }

    @Test
    void refusesAKeyFieldOfAnotherType() {
        Contract before = TestContracts.keyedBy(List.of("int64"));
        Contract after = TestContracts.keyedBy(List.of("sint64"));
        assertFound(before, after, Rule.FIELD_TYPE_CHANGED, "shop.orders.v1.Order.part0", "was int64 and is sint64");
    }

    @Test
    void refusesARemovedField() {
        Finding finding = assertFound(
                TestContracts.order(NAME),
                TestContracts.order("reserved_range { start: 2 end: 3 }"),
                Rule.FIELD_REMOVED,
                "shop.orders.v1.Order.name",
                "field 2 is gone");
        assertThat(finding)
                .hasToString("FIELD_REMOVED shop.orders.v1.Order.name: field 2 is gone (keep the field and mark it"
                        + " deprecated, or publish it as a new major version, in a package of its own)");
    }

    @Test
    void refusesARenamedField() {
        assertFound(
                TestContracts.order(NAME),
                TestContracts.order(field("title", 2, "TYPE_STRING")),
                Rule.FIELD_RENAMED,
                "shop.orders.v1.Order.name",
                "became title");
        assertFound(
                TestContracts.order(NAME),
                TestContracts.order(NAME.replace("json_name: 'name'", "json_name: 'title'")),
                Rule.FIELD_RENAMED,
                "shop.orders.v1.Order.name",
                "json_name was 'name' and is 'title'");
    }

    @ParameterizedTest
    @CsvSource({
        "TYPE_STRING label: LABEL_OPTIONAL, TYPE_BYTES label: LABEL_OPTIONAL, string, bytes",
        "TYPE_INT32 label: LABEL_OPTIONAL, TYPE_INT64 label: LABEL_OPTIONAL, int32, int64",
        "TYPE_STRING label: LABEL_OPTIONAL, TYPE_STRING label: LABEL_REPEATED, string, repeated string",
        "TYPE_INT32 label: LABEL_REPEATED, TYPE_INT32 label: LABEL_REPEATED options { packed: false },"
                + " packed repeated int32, repeated int32"
    })
    void refusesAChangedType(String before, String after, String was, String is) {
        assertFound(
                TestContracts.order("field { name: 'name' number: 2 json_name: 'name' type: " + before + "}"),
                TestContracts.order("field { name: 'name' number: 2 json_name: 'name' type: " + after + "}"),
                Rule.FIELD_TYPE_CHANGED,
                "shop.orders.v1.Order.name",
                "was " + was + " and is " + is);
    }

    @Test
    void refusesChangedPresence() {
        String optional = "field { name: 'name' number: 2 type: TYPE_STRING label: LABEL_OPTIONAL json_name: 'name'"
                + " proto3_optional: true oneof_index: 0 } oneof_decl { name: '_name' }";
        assertFound(
                TestContracts.order(NAME),
                TestContracts.order(optional),
                Rule.FIELD_TYPE_CHANGED,
                "shop.orders.v1.Order.name",
                "was string and is optional string");
    }

    @Test
    void refusesAFieldThatMovesIntoAOneof() {
        String inOneof = "field { name: 'name' number: 2 type: TYPE_STRING label: LABEL_OPTIONAL json_name: 'name'"
                + " oneof_index: 0 } oneof_decl { name: 'who' }";
        assertFound(
                TestContracts.order(NAME),
                TestContracts.order(inOneof),
                Rule.FIELD_ONEOF_CHANGED,
                "shop.orders.v1.Order.name",
                "was in no oneof and is in oneof who");
    }

    @Test
    void refusesChangesDeepInsideRecursiveMessages() {
        String parts = "field { name: 'parts' number: 6 type: TYPE_MESSAGE label: LABEL_REPEATED"
                + " type_name: '.shop.orders.v1.Line' json_name: 'parts' }";
        assertFound(
                order(LINES, line(parts + field("price", 5, "TYPE_INT64")), state("")),
                order(LINES, line(parts), state("")),
                Rule.FIELD_REMOVED,
                "shop.orders.v1.Line.price",
                "field 5 is gone");
    }

    @Test
    void refusesAnotherTypeOfAMap() {
        assertFound(
                TestContracts.order(labels("TYPE_STRING")),
                TestContracts.order(labels("TYPE_INT64")),
                Rule.FIELD_TYPE_CHANGED,
                "shop.orders.v1.Order.LabelsEntry.value",
                "was string and is int64");
    }

    @Test
    void refusesAnAddedFieldThatWasReserved() {
        assertFound(
                TestContracts.order("reserved_range { start: 2 end: 3 }"),
                TestContracts.order(NAME),
                Rule.FIELD_ADDED_UNSAFELY,
                "shop.orders.v1.Order.name",
                "its number 2 or its name was reserved");
        assertFound(
                TestContracts.order("reserved_name: 'name'"),
                TestContracts.order(NAME),
                Rule.FIELD_ADDED_UNSAFELY,
                "shop.orders.v1.Order.name",
                "its number 2 or its name was reserved");
    }

    @Test
    void refusesWhatProto2FilesCanAdd() {
        assertThat(ContractEvolution.check(
                        legacy("", "value { name: 'ONE' number: 1 }"),
                        legacy(
                                "field { name: 'must' number: 9 type: TYPE_INT32 label: LABEL_REQUIRED }",
                                "value { name: 'ONE' number: 1 } value { name: 'TWO' number: 2 }")))
                .extracting(Finding::rule, Finding::element)
                .containsExactlyInAnyOrder(
                        tuple(Rule.FIELD_ADDED_UNSAFELY, "legacy.Box.must"),
                        tuple(Rule.ENUM_VALUE_ADDED_UNSAFELY, "legacy.Kind.TWO"));
    }

    @Test
    void refusesRemovedAndRenumberedEnumValues() {
        Contract before = order(LINES, line(""), state("value { name: 'STATE_NEW' number: 1 }"));
        assertFound(
                before,
                order(LINES, line(""), state("")),
                Rule.ENUM_VALUE_REMOVED,
                "shop.orders.v1.State.STATE_NEW",
                "number 1 is gone");
        assertFound(
                before,
                order(
                        LINES,
                        line(""),
                        state("value { name: 'STATE_OLD' number: 1 } value { name: 'STATE_NEW' number: 2 }")),
                Rule.ENUM_VALUE_REMOVED,
                "shop.orders.v1.State.STATE_NEW",
                "number 1 became STATE_OLD");
    }

    @Test
    void refusesARenamedEnumValueAndTakesAnAliasBelowIt() {
        Contract before = order(LINES, line(""), state("value { name: 'STATE_NEW' number: 1 }"));
        assertFound(
                before,
                order(LINES, line(""), state("value { name: 'STATE_FRESH' number: 1 }")),
                Rule.ENUM_VALUE_RENAMED,
                "shop.orders.v1.State.STATE_NEW",
                "JSON calls 1 STATE_FRESH");
        String fresh = "value { name: 'STATE_FRESH' number: 1 }";
        String old = "value { name: 'STATE_NEW' number: 1 }";
        String alias = "options { allow_alias: true }";
        assertThat(ContractEvolution.check(before, order(LINES, line(""), state(old + fresh + alias))))
                .isEmpty();
        assertFound(
                before,
                order(LINES, line(""), state(fresh + old + alias)),
                Rule.ENUM_VALUE_RENAMED,
                "shop.orders.v1.State.STATE_NEW",
                "JSON calls 1 STATE_FRESH");
    }

    @Test
    void refusesAnEnumValueThatWasReserved() {
        assertFound(
                order(LINES, line(""), state("reserved_range { start: 2 end: 2 }")),
                order(LINES, line(""), state("value { name: 'STATE_PAID' number: 2 }")),
                Rule.ENUM_VALUE_ADDED_UNSAFELY,
                "shop.orders.v1.State.STATE_PAID",
                "its number 2 or its name was reserved");
    }

    @ParameterizedTest
    @CsvSource({
        "freshness: '1h', freshness: '2h', freshness was PT1H and is PT2H",
        "freshness: '1h', '', freshness was PT1H and is none",
        "p99: '5ms', p99: '6ms', p99 was PT0.005S and is PT0.006S",
        "expires_after: '2d', expires_after: '1d', expires_after was PT48H and is PT24H",
        "expires_after: '1d', expires_after: '2d', expires_after was PT24H and is PT48H",
        "'', expires_after: '1d', expires_after was none and is PT24H"
    })
    void refusesWeakerPromisesOfTheProduct(String before, String after, String message) {
        assertFound(
                promising(before.replace("''", ""), ""),
                promising(after.replace("''", ""), ""),
                Rule.PROMISE_WEAKENED,
                "shop.orders.v1.Order",
                message);
    }

    @ParameterizedTest
    @CsvSource({
        "min: 0, min: -1, min was 0.0 and is -1.0",
        "min: 0, '', min was 0.0 and is none",
        "max: 5, max: 6, max was 5.0 and is 6.0",
        "max: 5, '', max was 5.0 and is none",
        "unit: 'kg', unit: 'g', unit was 'kg' and is 'g'",
        "unit: 'kg', '', unit was 'kg' and is ''"
    })
    void refusesWeakerPromisesOfAField(String before, String after, String message) {
        assertFound(
                promising("", before),
                promising("", after),
                Rule.PROMISE_WEAKENED,
                "shop.orders.v1.Order.size",
                message);
    }

    @Test
    void takesStrongerPromises() {
        Contract before = promising("freshness: '2h'", "min: 0 max: 9");
        Contract after = promising("freshness: '1h' p99: '5ms'", "min: 1 max: 8 unit: 'kg'");
        assertThat(ContractEvolution.check(before, after)).isEmpty();
    }

    private static Finding assertFound(Contract before, Contract after, Rule rule, String element, String message) {
        List<Finding> findings = ContractEvolution.check(before, after);
        assertThat(findings)
                .filteredOn(finding -> finding.rule() == rule
                        && finding.element().equals(element)
                        && finding.message().equals(message))
                .as("%s", findings)
                .hasSize(1);
        return findings.stream()
                .filter(finding -> finding.rule() == rule)
                .findFirst()
                .orElseThrow();
    }

    private static Contract order(String fields, String line, String state) {
        return TestContracts.order(fields, line + state);
    }

    private static Contract promising(String product, String rules) {
        return Contract.of(
                TestContracts.set(TestContracts.file("message_type { name: 'Order' options {"
                        + " [penstock.contract.v1.data_product] { name: 'orders' owner: 'shop' " + product + " } }"
                        + TestContracts.KEY_FIELD
                        + "field { name: 'size' number: 2 type: TYPE_INT64 label: LABEL_OPTIONAL"
                        + " options { [penstock.contract.v1.field] { " + rules + " } } } }")),
                TestContracts.MESSAGE);
    }

    private static String field(String name, int number, String type) {
        return "field { name: '" + name + "' number: " + number + " type: " + type
                + " label: LABEL_OPTIONAL json_name: '" + name + "' }";
    }

    private static String line(String text) {
        return "message_type { name: 'Line' " + field("count", 1, "TYPE_INT32") + text + " }";
    }

    private static String state(String text) {
        return "enum_type { name: 'State' value { name: 'STATE_UNSPECIFIED' number: 0 } " + text + " }";
    }

    private static String labels(String valueType) {
        return "field { name: 'labels' number: 2 type: TYPE_MESSAGE label: LABEL_REPEATED json_name: 'labels'"
                + " type_name: '.shop.orders.v1.Order.LabelsEntry' }"
                + "nested_type { name: 'LabelsEntry' options { map_entry: true } "
                + field("key", 1, "TYPE_STRING") + field("value", 2, valueType) + " }";
    }

    /** A contract that holds a message of a proto2 file. */
    private static Contract legacy(String fields, String values) {
        return Contract.of(
                TestContracts.set(
                        TestContracts.file("dependency: 'legacy.proto' message_type { name: 'Order' "
                                + TestContracts.PRODUCT_OPTION + TestContracts.KEY_FIELD
                                + "field { name: 'box' number: 2 type: TYPE_MESSAGE label: LABEL_OPTIONAL"
                                + " type_name: '.legacy.Box' } }"),
                        TestContracts.parse("name: 'legacy.proto' package: 'legacy' message_type { name: 'Box' "
                                + "field { name: 'kind' number: 1 type: TYPE_ENUM label: LABEL_OPTIONAL"
                                + " type_name: '.legacy.Kind' }" + fields + "}"
                                + "enum_type { name: 'Kind' value { name: 'NONE' number: 0 } " + values + "}")),
                TestContracts.MESSAGE);
    }
}
