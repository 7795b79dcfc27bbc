package io.penstock.contract;

import static io.penstock.contract.TestContracts.KEY_FIELD;
import static io.penstock.contract.TestContracts.MESSAGE;
import static io.penstock.contract.TestContracts.PRODUCT_OPTION;
import static io.penstock.contract.TestContracts.file;
import static io.penstock.contract.TestContracts.parse;
import static io.penstock.contract.TestContracts.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.penstock.contract.ContractException.Code;
import io.penstock.contract.evolution.ContractEvolution;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.FieldRules;
import io.penstock.storage.v1.StoredContract;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractRefusalTest {
    private static final String WHERE = "file order.proto, message shop.orders.v1.Order";

    @Test
    void refusesAMessageThatIsNotThereAndNamesTheContractsThatAre() {
        assertRefused(
                TestContracts.customer360(),
                "examples.customer_360.v1.Customer",
                Code.UNKNOWN_MESSAGE,
                "message examples.customer_360.v1.Customer: not in the descriptor set (messages with a data_product"
                        + " option: examples.customer_360.v1.Customer360)");
        assertRefused(
                FileDescriptorSet.getDefaultInstance(),
                MESSAGE,
                Code.UNKNOWN_MESSAGE,
                "message " + MESSAGE + ": not in the descriptor set (messages with a data_product option: none)");
    }

    @Test
    void refusesAMessageWithoutTheOption() {
        assertRefused(
                file("message_type { name: 'Order' " + KEY_FIELD + "}"),
                Code.NOT_A_CONTRACT,
                WHERE + ": has no option (penstock.contract.v1.data_product) (expected: one with name and owner)");
    }

    @Test
    void refusesAnyOtherSyntax() {
        FileDescriptorProto proto2 =
                order(PRODUCT_OPTION + KEY_FIELD).toBuilder().clearSyntax().build();
        assertRefused(
                proto2, Code.NOT_PROTO3, WHERE + ": its file's syntax is 'proto2' (expected: syntax = \"proto3\")");
        FileDescriptorProto edition = parse("edition: EDITION_2023 "
                + proto2.toBuilder().setSyntax("editions").build());
        assertRefused(
                edition, Code.NOT_PROTO3, WHERE + ": its file's syntax is 'editions' (expected: syntax = \"proto3\")");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Orders",
                "7orders",
                "or_ders",
                "orders.v1",
                "-orders",
                "órders",
                "orders ",
                "o1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
            })
    void refusesAProductNameThatCannotNameADataset(String name) {
        assertRefused(
                order(product("name: '" + name + "' owner: 'shop'") + KEY_FIELD),
                Code.INVALID_NAME,
                WHERE + ": data_product.name: '" + name
                        + "' (expected: 1 to 100 characters of [a-z0-9-], the first a letter)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void refusesAContractNobodyOwns(String owner) {
        assertRefused(
                order(product("name: 'orders' owner: '" + owner + "'") + KEY_FIELD),
                Code.NO_OWNER,
                WHERE + ": data_product.owner: '" + owner + "' (expected: the team that answers for the data)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop",
                "v1",
                "shop.orders",
                "shop.orders.v0",
                "shop.orders.v01",
                "shop.orders.v1beta1",
                "shop.ordersv1",
                "shop.v1.orders",
                "shop.V1",
                "shop.v1234567890"
            })
    void refusesAPackageThatDoesNotEndInItsMajor(String packageName) {
        FileDescriptorProto file = order(PRODUCT_OPTION + KEY_FIELD).toBuilder()
                .setPackage(packageName)
                .build();
        String message = packageName.isEmpty() ? "Order" : packageName + ".Order";
        assertRefused(
                set(file),
                message,
                Code.NO_MAJOR_VERSION,
                "file order.proto, message " + message + ": package: '" + packageName
                        + "' (expected: one that ends in the major version, such as shop.orders.v1)");
    }

    @ParameterizedTest
    @CsvSource({
        "freshness, 26",
        "freshness, h",
        "freshness, 26 h",
        "freshness, 1h1d",
        "freshness, 1h1h",
        "freshness, -1h",
        "freshness, 1.5h",
        "expires_after, 0d",
        "expires_after, 7D",
        "expires_after, 1w",
        "expires_after, 36501d",
        "expires_after, 99999999999999999999d",
        "p99, 5us",
        "p99, 0ms",
        "p99, ٥ms",
        "p99, 1m5"
    })
    void refusesWhatIsNotADuration(String option, String value) {
        assertRefused(
                order(product("name: 'orders' owner: 'shop' " + option + ": '" + value + "'") + KEY_FIELD),
                Code.INVALID_DURATION,
                WHERE + ": data_product." + option + ": '" + value + "' (expected: whole numbers with the units d, h,"
                        + " m, s, ms, the largest first, above 0 and up to 36500d, such as 26h, 1d12h or 5ms)");
    }

    @Test
    void refusesAContractWithoutAKey() {
        assertRefused(
                order(PRODUCT_OPTION + "field { name: 'id' number: 1 type: TYPE_INT64 label: LABEL_OPTIONAL }"),
                Code.NO_KEY,
                WHERE + ": no field is the key (expected: at least one with [(penstock.contract.v1.field) = { key:"
                        + " true }])");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "type: TYPE_DOUBLE label: LABEL_OPTIONAL; is of type double",
                "type: TYPE_FLOAT label: LABEL_OPTIONAL; is of type float",
                "type: TYPE_BOOL label: LABEL_OPTIONAL; is of type bool",
                "type: TYPE_BYTES label: LABEL_OPTIONAL; is of type bytes",
                "type: TYPE_MESSAGE type_name: '.shop.orders.v1.Order' label: LABEL_OPTIONAL; is of type"
                        + " shop.orders.v1.Order",
                "type: TYPE_ENUM type_name: '.shop.orders.v1.State' label: LABEL_OPTIONAL; is of type"
                        + " shop.orders.v1.State",
                "type: TYPE_STRING label: LABEL_REPEATED; is repeated",
                "type: TYPE_STRING label: LABEL_OPTIONAL oneof_index: 0 proto3_optional: true; is optional",
                "type: TYPE_STRING label: LABEL_OPTIONAL oneof_index: 0; is in the oneof choice"
            })
    void refusesAKeyFieldThatCannotBeOne(String field, String found) {
        FileDescriptorProto file = order(PRODUCT_OPTION + KEY_FIELD + "field { name: 'code' number: 2 " + field
                        + " options { [penstock.contract.v1.field] { key: true } } }"
                        + (field.contains("oneof") ? "oneof_decl { name: 'choice' }" : ""))
                .toBuilder()
                .addEnumType(parse("enum_type { name: 'State' value { name: 'STATE_UNSPECIFIED' number: 0 } }")
                        .getEnumType(0))
                .build();
        assertRefused(
                file,
                Code.INVALID_KEY_FIELD,
                WHERE + ", field code: option (penstock.contract.v1.field).key: the field " + found
                        + " (expected: a plain string or integer, not repeated, not optional, in no oneof)");
    }

    @ParameterizedTest
    @CsvSource({
        "STRING, OPTIONAL, min: 1, min: the field is of type string",
        "BOOL, OPTIONAL, max: 1, max: the field is of type bool",
        "INT32, REPEATED, max: 1, max: the field is repeated"
    })
    void refusesARangeOnAnythingButASingleNumber(String type, String label, String rule, String found) {
        assertRefused(
                order(PRODUCT_OPTION + KEY_FIELD + "field { name: 'size' number: 2 type: TYPE_" + type
                        + " label: LABEL_" + label + " options { [penstock.contract.v1.field] { " + rule + " } } }"),
                Code.INVALID_RANGE,
                WHERE + ", field size: option (penstock.contract.v1.field)." + found + " (expected: a single number)");
    }

    @ParameterizedTest
    @CsvSource({
        "INT32, 2, 1",
        "INT32, 0.2, 0.8",
        "INT32, 2147483648, none",
        "INT64, 9.3e18, none",
        "UINT32, none, -1",
        "FIXED64, 1.9e19, none",
        "FLOAT, 1e39, none",
        "DOUBLE, nan, none",
        "DOUBLE, none, inf",
        "DOUBLE, 1, 0.5"
    })
    void refusesARangeThatHoldsNoValue(String type, String min, String max) {
        ContractException refusal =
                refusal(set(order(PRODUCT_OPTION + KEY_FIELD + range("TYPE_" + type, min, max))), MESSAGE);
        assertThat(refusal.code()).isEqualTo(Code.INVALID_RANGE);
        assertThat(refusal)
                .hasMessageStartingWith(WHERE + ", field size: option (penstock.contract.v1.field): min: ")
                .hasMessageEndingWith("(expected: finite numbers with a value of type " + type.toLowerCase(Locale.ROOT)
                        + " between them)");
    }

    @ParameterizedTest
    @CsvSource({
        "INT32, 0, 0",
        "INT32, 0.5, 1",
        "SINT64, -9223372036854775808, none",
        "UINT64, none, 1.8446744073709552e19",
        "DOUBLE, 0.2, 0.8",
        "FLOAT, none, -1"
    })
    void takesARangeThatHoldsAValue(String type, String min, String max) {
        Contract contract =
                Contract.of(set(order(PRODUCT_OPTION + KEY_FIELD + range("TYPE_" + type, min, max))), MESSAGE);
        assertThat(contract.rules(contract.descriptor().findFieldByName("size")).hasMin())
                .isEqualTo(!min.equals("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key: true", "min: 1", "max: 1"})
    void refusesARuleThatWouldHaveNoEffect(String rule) {
        assertRefused(
                order(PRODUCT_OPTION + KEY_FIELD
                                + "field { name: 'lines' number: 2 type: TYPE_MESSAGE label: LABEL_REPEATED"
                                + " type_name: '.shop.orders.v1.Line' }")
                        .toBuilder()
                        .addMessageType(line(rule, ""))
                        .build(),
                Code.MISPLACED_RULE,
                "file order.proto, message shop.orders.v1.Line, field count: option (penstock.contract.v1.field)."
                        + rule.substring(0, 3)
                        + ": has no effect inside a nested message (expected: on fields of the contract only)");
    }

    @Test
    void takesAContractThatHoldsAnotherContract() {
        FileDescriptorProto file = order(PRODUCT_OPTION + KEY_FIELD
                        + "field { name: 'lines' number: 2 type: TYPE_MESSAGE label: LABEL_REPEATED"
                        + " type_name: '.shop.orders.v1.Line' }")
                .toBuilder()
                .addMessageType(line("key: true", product("name: 'lines' owner: 'shop'")))
                .build();
        assertThat(Contract.of(set(file), MESSAGE).dataset()).isEqualTo("orders.v1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "INVALID_LINK; documentation: 'wiki'; documentation: 'wiki' (expected: an http or https link)",
                "INVALID_LINK; documentation: 'file:///x'; documentation: 'file:///x' (expected: an http or https link)",
                "INVALID_AVAILABILITY; availability: '0%'; availability: '0%' (expected: a share of calls above 0% and below"
                        + " 100%, such as 99.9%)",
                "INVALID_AVAILABILITY; availability: '100%'; availability: '100%' (expected: a share of calls above 0% and"
                        + " below 100%, such as 99.9%)",
                "INVALID_AVAILABILITY; availability: '0.999'; availability: '0.999' (expected: a share of calls above 0% and"
                        + " below 100%, such as 99.9%)",
                "INVALID_LIFECYCLE; lifecycle { ends_on: '2027-06-30' }; lifecycle.ends_on: '2027-06-30' of a product that"
                        + " stays (expected: stage: STAGE_DEPRECATED beside it)",
                "INVALID_LIFECYCLE; lifecycle { stage: STAGE_ACTIVE successor: 'orders.v2' }; lifecycle.successor: 'orders.v2'"
                        + " of a product that stays (expected: stage: STAGE_DEPRECATED beside it)",
                "INVALID_LIFECYCLE; lifecycle { stage: STAGE_DEPRECATED }; lifecycle.ends_on: '' (expected: the first day the"
                        + " product may be gone, such as 2027-06-30)",
                "INVALID_LIFECYCLE; lifecycle { stage: STAGE_DEPRECATED ends_on: '2027-02-30' }; lifecycle.ends_on:"
                        + " '2027-02-30' (expected: the first day the product may be gone, such as 2027-06-30)",
                "INVALID_LIFECYCLE; lifecycle { stage: STAGE_DEPRECATED ends_on: '2027-06-30' successor: 'orders' };"
                        + " lifecycle.successor: 'orders' (expected: another dataset, such as customer-360.v2)",
                "INVALID_LIFECYCLE; lifecycle { stage: STAGE_DEPRECATED ends_on: '2027-06-30' successor: 'orders.v1' };"
                        + " lifecycle.successor: 'orders.v1' (expected: another dataset, such as customer-360.v2)",
                "INVALID_CHECKS; checks { min_rows: -1 }; checks.min_rows: min_rows: -1, max_rows: none (expected: 0 <="
                        + " min_rows <= max_rows)",
                "INVALID_CHECKS; checks { min_rows: 5 max_rows: 4 }; checks.min_rows: min_rows: 5, max_rows: 4 (expected: 0"
                        + " <= min_rows <= max_rows)",
                "INVALID_CHECKS; checks { max_changed_percent: 101 }; checks.max_changed_percent: 101.0 (expected: 0 to 100)",
                "INVALID_CHECKS; checks { max_removed_percent: nan }; checks.max_removed_percent: NaN (expected: 0 to 100)",
                "INVALID_CHECKS; checks { canary_keys: ['1', 'x'] }; checks.canary_keys: number 2 is not a key: key of"
                        + " shop.orders.v1.Order: the part of field id is not a number in its shortest decimal form (expected:"
                        + " int64) (expected: keys as callers write them)",
            })
    void refusesAProductThatContradictsItself(Code code, String option, String found) {
        assertRefused(
                order(product("name: 'orders' owner: 'shop' " + option) + KEY_FIELD),
                code,
                WHERE + ": data_product." + found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "INVALID_CHECK; TYPE_INT64; not_blank: true; not_blank: the field is of type int64 (expected: a single string)",
                "INVALID_CHECK; TYPE_BOOL; unique: true; unique: the field is of type bool (expected: a single string, integer"
                        + " or bytes)",
                "INVALID_PATTERN; TYPE_BYTES; pattern: 'a'; pattern: the field is of type bytes (expected: a single string)",
                "INVALID_PATTERN; TYPE_STRING; pattern: '(a'; pattern: '(a': Unclosed group near character 3 (expected: a"
                        + " regular expression in Java's syntax)",
                "INVALID_UNIT; TYPE_BOOL; unit: 'kg'; unit: the field is of type bool (expected: a number, or what holds"
                        + " numbers)",
                "INVALID_DEPRECATION; TYPE_INT64; deprecation: 'use total'; deprecation: the field is not deprecated (expected:"
                        + " deprecated = true beside it)",
            })
    void refusesAPromiseThatTheFieldCannotKeep(Code code, String type, String rule, String found) {
        assertRefused(
                order(PRODUCT_OPTION + KEY_FIELD + "field { name: 'total' number: 2 type: " + type
                        + " label: LABEL_OPTIONAL options { [penstock.contract.v1.field] { " + rule + " } } }"),
                code,
                WHERE + ", field total: option (penstock.contract.v1.field)." + found);
    }

    @Test
    void refusesNotNullInAOneof() {
        assertRefused(
                order(PRODUCT_OPTION + KEY_FIELD + "field { name: 'total' number: 2 type: TYPE_INT64"
                        + " label: LABEL_OPTIONAL oneof_index: 0"
                        + " options { [penstock.contract.v1.field] { not_null: true } } } oneof_decl { name: 'one' }"),
                Code.INVALID_CHECK,
                WHERE + ", field total: option (penstock.contract.v1.field).not_null: the field is in the oneof one"
                        + " (expected: a field outside of oneofs, where all but one are NULL)");
    }

    @Test
    void refusesAPatternNobodyCanRead() {
        assertRefused(
                order(PRODUCT_OPTION + KEY_FIELD + "field { name: 'code' number: 2 type: TYPE_STRING"
                        + " label: LABEL_OPTIONAL options { [penstock.contract.v1.field] { pattern: '"
                        + "a".repeat(1001) + "' } } }"),
                Code.INVALID_PATTERN,
                WHERE + ", field code: option (penstock.contract.v1.field).pattern: 1001 characters (expected: <="
                        + " 1000)");
    }

    /** Such as one that a newer Penstock knows: it must not look like a promise that is kept. */
    @Test
    void refusesAnOptionItDoesNotKnowUnlessItIsStored() throws NoSuchAlgorithmException {
        UnknownFieldSet newer = UnknownFieldSet.newBuilder()
                .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        FileDescriptorProto.Builder file = order(PRODUCT_OPTION + KEY_FIELD).toBuilder();
        FieldOptions.Builder options =
                file.getMessageTypeBuilder(0).getFieldBuilder(0).getOptionsBuilder();
        FieldRules known = options.getExtension(ContractProto.field);
        options.setExtension(
                ContractProto.field, known.toBuilder().setUnknownFields(newer).build());
        FileDescriptorSet set = set(file.build());
        assertRefused(
                set,
                MESSAGE,
                Code.UNKNOWN_OPTION,
                WHERE + ", field id: option (penstock.contract.v1.field): field number 999: not known to this Penstock"
                        + " (expected: an option of its penstock/contract/v1/contract.proto; use a newer Penstock, or"
                        + " leave it out)");
        assertThat(Contract.of(stored(set)).keyFields()).hasSize(1);
    }

    @Test
    void refusesAStageItDoesNotKnowUnlessItIsStored() throws NoSuchAlgorithmException {
        FileDescriptorSet set =
                set(order(product("name: 'orders' owner: 'shop'" + " lifecycle { stage: 9 ends_on: 'when it is done' }")
                        + KEY_FIELD));
        assertRefused(
                set,
                MESSAGE,
                Code.UNKNOWN_OPTION,
                WHERE + ": option (penstock.contract.v1.data_product).lifecycle.stage: 9: not known to this Penstock"
                        + " (expected: an option of its penstock/contract/v1/contract.proto; use a newer Penstock, or"
                        + " leave it out)");
        assertThat(Contract.of(stored(set)).dataset()).isEqualTo("orders.v1");
    }

    @Test
    void namesTheLineIfTheSetKnowsIt() {
        FileDescriptorProto file = order(PRODUCT_OPTION + KEY_FIELD
                        + "field { name: 'total' number: 2 type: TYPE_BOOL label: LABEL_OPTIONAL"
                        + " options { [penstock.contract.v1.field] { unit: 'kg' } } }")
                .toBuilder()
                .setSourceCodeInfo(SourceCodeInfo.newBuilder()
                        .addLocation(SourceCodeInfo.Location.newBuilder()
                                .addAllPath(List.of(4, 0, 2, 1))
                                .addAllSpan(List.of(11, 2, 40))))
                .build();
        assertRefused(
                file,
                Code.INVALID_UNIT,
                "file order.proto:12, message shop.orders.v1.Order, field total: option"
                        + " (penstock.contract.v1.field).unit: the field is of type bool (expected: a number, or what"
                        + " holds numbers)");
    }

    @Test
    void refusesASetWithoutAnImport() {
        FileDescriptorSet set = FileDescriptorSet.newBuilder()
                .addFile(order(PRODUCT_OPTION + KEY_FIELD))
                .build();
        assertRefused(
                set,
                MESSAGE,
                Code.MISSING_IMPORT,
                "file order.proto: imports penstock/contract/v1/contract.proto, which is not in the descriptor set"
                        + " (expected: a set with all imports; protoc writes one with --include_imports)");
    }

    @Test
    void refusesASetWithAFileTwice() {
        FileDescriptorProto file = order(PRODUCT_OPTION + KEY_FIELD);
        assertRefused(
                set(file, file),
                MESSAGE,
                Code.MALFORMED_DESCRIPTORS,
                "file order.proto: is in the descriptor set twice (expected: a descriptor set as protoc writes it)");
    }

    @Test
    void refusesImportsThatGoInCircles() {
        FileDescriptorProto file = order(PRODUCT_OPTION + KEY_FIELD).toBuilder()
                .addDependency("line.proto")
                .build();
        FileDescriptorProto line = parse("name: 'line.proto' dependency: 'order.proto'");
        assertRefused(
                set(file, line),
                MESSAGE,
                Code.MALFORMED_DESCRIPTORS,
                "file line.proto: imports order.proto, which imports it"
                        + " (expected: a descriptor set as protoc writes it)");
        FileDescriptorProto itself = order(PRODUCT_OPTION + KEY_FIELD).toBuilder()
                .addDependency("order.proto")
                .build();
        assertRefused(
                set(itself),
                MESSAGE,
                Code.MALFORMED_DESCRIPTORS,
                "file order.proto: imports order.proto, which imports it"
                        + " (expected: a descriptor set as protoc writes it)");
    }

    @Test
    void refusesTypesThatAreNowhere() {
        ContractException refusal = refusal(
                set(order(PRODUCT_OPTION + KEY_FIELD
                        + "field { name: 'lines' number: 2 type: TYPE_MESSAGE label: LABEL_REPEATED"
                        + " type_name: '.shop.orders.v1.Line' }")),
                MESSAGE);
        assertThat(refusal.code()).isEqualTo(Code.MALFORMED_DESCRIPTORS);
        assertThat(refusal).hasMessageContainingAll("file order.proto", "shop.orders.v1.Line");
    }

    @Test
    void refusesAPublicImportThatIsNone() {
        FileDescriptorProto file = order(PRODUCT_OPTION + KEY_FIELD).toBuilder()
                .addPublicDependency(7)
                .build();
        assertThat(refusal(set(file), MESSAGE).code()).isEqualTo(Code.MALFORMED_DESCRIPTORS);
    }

    @Test
    void refusesAContractTooLargeForAManifest() {
        FileDescriptorProto file = order(PRODUCT_OPTION + KEY_FIELD).toBuilder()
                .addMessageType(parse("message_type { name: 'Big' reserved_name: '" + "x".repeat(1 << 20) + "' }")
                        .getMessageType(0))
                .build();
        ContractException refusal = refusal(set(file), MESSAGE);
        assertThat(refusal.code()).isEqualTo(Code.TOO_LARGE);
        assertThat(refusal).hasMessageContaining("(expected: <= 1048576; import fewer files)");
    }

    /** Whatever stands in a set, it is a contract or a refusal; never another exception, and never a hang. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void takesOrRefusesAnyBytes(long seed) {
        Random random = new Random(seed);
        byte[] original = set(order(PRODUCT_OPTION + KEY_FIELD)).toByteArray();
        int parsed = 0;
        for (int round = 0; round < 300; round++) {
            byte[] bytes = original.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                // Most of the set is descriptor.proto; the contract's own file comes first.
                bytes[random.nextInt(random.nextBoolean() ? 250 : bytes.length)] = (byte) random.nextInt(256);
            }
            FileDescriptorSet set;
            try {
                set = FileDescriptorSet.parseFrom(ByteString.copyFrom(bytes));
            } catch (InvalidProtocolBufferException e) {
                continue;
            }
            parsed++;
            try {
                Contract contract = Contract.of(set, MESSAGE);
                assertThat(ContractEvolution.check(contract, contract)).isEmpty();
                assertThat(Contract.of(contract.toStored())).isEqualTo(contract);
            } catch (ContractException refused) {
                assertThat(refused.code()).isNotNull();
            }
        }
        assertThat(parsed).isPositive();
    }

    private static String product(String text) {
        return "options { [penstock.contract.v1.data_product] { " + text + " } }";
    }

    private static String range(String type, String min, String max) {
        return "field { name: 'size' number: 2 label: LABEL_OPTIONAL type: " + type
                + " options { [penstock.contract.v1.field] { " + (min.equals("none") ? "" : "min: " + min + " ")
                + (max.equals("none") ? "" : "max: " + max) + " } } }";
    }

    private static DescriptorProto line(String rule, String options) {
        return parse("message_type { name: 'Line' " + options
                        + " field { name: 'count' number: 1 type: TYPE_INT32 label: LABEL_OPTIONAL"
                        + " options { [penstock.contract.v1.field] { " + rule + " } } } }")
                .getMessageType(0);
    }

    private static FileDescriptorProto order(String messageText) {
        return file("message_type { name: 'Order' " + messageText + "}");
    }

    /** The set as a manifest keeps it: dependencies first, and with its digest. */
    private static StoredContract stored(FileDescriptorSet set) throws NoSuchAlgorithmException {
        List<FileDescriptorProto> files = new ArrayList<>(set.getFileList());
        Collections.reverse(files);
        ByteString bytes =
                FileDescriptorSet.newBuilder().addAllFile(files).build().toByteString();
        return StoredContract.newBuilder()
                .setMessage(MESSAGE)
                .setDescriptorSet(bytes)
                .setDigest(
                        ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray())))
                .build();
    }

    private static void assertRefused(FileDescriptorProto file, Code code, String message) {
        assertRefused(set(file), MESSAGE, code, message);
    }

    private static void assertRefused(FileDescriptorSet set, String messageName, Code code, String message) {
        ContractException refusal = refusal(set, messageName);
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.code()).isEqualTo(code);
    }

    private static ContractException refusal(FileDescriptorSet set, String messageName) {
        return catchThrowableOfType(ContractException.class, () -> Contract.of(set, messageName));
    }
}
