package io.penstock.publisher.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.TestContracts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowConverterBehaviourTest {
    private static final List<FieldDescriptor> FIELDS =
            TestContracts.EVERYTHING.descriptor().getFields();
    private static final List<String> NAMES =
            FIELDS.stream().map(FieldDescriptor::getName).toList();

    /** Field, SQL value, and the text of what the message then holds. */
    static List<Object[]> fits() {
        return List.of(
                new Object[] {"a_int64", new BigDecimal("12.00"), "12"},
                new Object[] {"a_int64", new BigInteger("-9223372036854775808"), "-9223372036854775808"},
                new Object[] {"a_int64", 12.0, "12"},
                new Object[] {"a_uint64", new BigInteger("18446744073709551615"), "-1"},
                new Object[] {"a_double", new BigDecimal("0.10"), "0.1"},
                new Object[] {"a_double", 1L << 53, "9.007199254740992E15"},
                new Object[] {"a_float", 0.5, "0.5"},
                new Object[] {"a_string", new BigDecimal("1.50"), "1.50"},
                new Object[] {"a_string", new BigInteger("7"), "7"},
                new Object[] {"a_string", LocalDate.of(2024, 2, 29), "2024-02-29"},
                new Object[] {"a_string", new UUID(1, 2), "00000000-0000-0001-0000-000000000002"},
                new Object[] {"a_color", "COLOR_RED", "COLOR_RED"},
                new Object[] {"a_color", -7, "COLOR_BLUE"},
                new Object[] {"a_timestamp", LocalDate.of(1970, 1, 2), "seconds: 86400\n"},
                new Object[] {"a_timestamp", LocalDateTime.of(1969, 12, 31, 23, 59, 59, 5), "seconds: -1\nnanos: 5\n"},
                new Object[] {"a_duration", Duration.ofMillis(-1500), "seconds: -1\nnanos: -500000000\n"},
                new Object[] {"a_duration", "2 days 00:00:03.5", "seconds: 172803\nnanos: 500000000\n"},
                new Object[] {"a_duration", "-00:01:00", "seconds: -60\n"},
                new Object[] {
                    "a_duration", "0 years 0 mons 1 days 2 hours 0 mins 1.5 secs", "seconds: 93601\nnanos: 500000000\n"
                },
                new Object[] {"a_date", LocalDate.of(2024, 2, 29), "year: 2024\nmonth: 2\nday: 29\n"});
    }

    @ParameterizedTest
    @MethodSource("fits")
    void takesWhatLosesNothing(String field, Object value, String expected) throws InvalidProtocolBufferException {
        RowConverter converter = new RowConverter(TestContracts.EVERYTHING, NAMES, false);

        converter.convert(row(field, value), 1);

        DynamicMessage message = DynamicMessage.parseFrom(TestContracts.EVERYTHING.descriptor(), converter.value());
        assertThat(String.valueOf(
                        message.getField(TestContracts.EVERYTHING.descriptor().findFieldByName(field))))
                .isEqualTo(expected);
    }

    /** Field, SQL value, code and message. */
    static List<Object[]> doesNotFit() {
        return List.of(
                refused("a_int32", 2147483648L, "int32 cannot take this value of kind INTEGER: it is out of range"),
                refused(
                        "a_int64",
                        new BigDecimal("0.5"),
                        "int64 cannot take this value of kind DECIMAL: it has digits after the point"),
                refused(
                        "a_int64",
                        new BigDecimal("1e1000000000"),
                        "int64 cannot take this value of kind DECIMAL: it is out of range"),
                refused(
                        "a_int64",
                        BigInteger.ONE.shiftLeft(63),
                        "int64 cannot take this value of kind HUGEINT: it is out of range"),
                refused("a_int64", 0.5, "int64 cannot take this value of kind DOUBLE: it is not a whole number"),
                refused("a_int64", 1e18, "int64 cannot take this value of kind DOUBLE: it is too large to be exact"),
                refused("a_int64", Double.NaN, "int64 cannot take this value of kind DOUBLE: it is not a whole number"),
                refused("a_int64", "7", "int64 cannot take a value of kind VARCHAR"),
                refused("a_int64", true, "int64 cannot take a value of kind BOOLEAN"),
                refused("a_uint32", -1, "uint32 cannot take this value of kind INTEGER: it is out of range"),
                refused("a_uint64", -1L, "uint64 cannot take this value of kind INTEGER: it is negative"),
                refused(
                        "a_double",
                        new BigDecimal("0.12345678901234567890"),
                        "double cannot take this value of kind DECIMAL: it has more digits than a double keeps"),
                refused(
                        "a_double",
                        (1L << 53) + 1,
                        "double cannot take this value of kind INTEGER: it has more digits than a double keeps"),
                refused(
                        "a_double",
                        Long.MAX_VALUE,
                        "double cannot take this value of kind INTEGER: it has more digits than a double keeps"),
                refused(
                        "a_float",
                        0.1,
                        "float cannot take this value of kind DOUBLE: it has more digits than a float keeps"),
                refused("a_bool", 1, "bool cannot take a value of kind INTEGER"),
                refused(
                        "a_string",
                        "\uD800x",
                        "string cannot take this value of kind VARCHAR: it is not well-formed Unicode"),
                refused("a_string", 1.5, "string cannot take a value of kind DOUBLE"),
                refused("a_string", new byte[1], "string cannot take a value of kind BLOB"),
                refused("a_bytes", "x", "bytes cannot take a value of kind VARCHAR"),
                refused(
                        "a_color",
                        "RED",
                        "enum penstock.test.everything.v1.Color cannot take this value of kind VARCHAR: it is none of the enum's names or numbers"),
                refused(
                        "a_color",
                        5,
                        "enum penstock.test.everything.v1.Color cannot take this value of kind INTEGER: it is none of the enum's names or numbers"),
                refused(
                        "a_timestamp",
                        LocalDateTime.MAX,
                        "google.protobuf.Timestamp cannot take this value of kind TIMESTAMP: its year is not one of 0001 to 9999"),
                refused("a_timestamp", "2024-01-01", "google.protobuf.Timestamp cannot take a value of kind VARCHAR"),
                refused(
                        "a_duration",
                        "1 month",
                        "google.protobuf.Duration cannot take this value of kind VARCHAR: it has months or years, which have no fixed length"),
                refused(
                        "a_duration",
                        "soon",
                        "google.protobuf.Duration cannot take this value of kind VARCHAR: it is not an interval"),
                refused(
                        "a_date",
                        LocalDate.MAX,
                        "penstock.test.everything.v1.Date cannot take this value of kind DATE: its year is not one of 0001 to 9999"),
                refused("some_int32", 1, "repeated int32 cannot take a value of kind INTEGER"),
                refused("a_point", Map.of(), "penstock.test.everything.v1.Point cannot take a value of kind MAP"));
    }

    private static Object[] refused(String field, Object value, String reason) {
        return new Object[] {field, value, reason};
    }

    @ParameterizedTest
    @MethodSource("doesNotFit")
    void refusesWhatWouldLoseSomething(String field, Object value, String reason) {
        assertRefused(field, value, "CONVERSION", "row 9, field " + field + ": " + reason);
    }

    @Test
    void refusesNullWhereTheFieldCannotSayIt() {
        assertRefused(
                "a_int64",
                null,
                "NULL_VALUE",
                "row 9, field a_int64: the field cannot be NULL: declare it `optional`, or coalesce it in the query");
        assertRefused(
                "some_int32",
                null,
                "NULL_VALUE",
                "row 9, field some_int32: a repeated field cannot be NULL: coalesce it to an empty list in the query");
        assertRefused(
                "counts",
                null,
                "NULL_VALUE",
                "row 9, field counts: a map field cannot be NULL: coalesce it to an empty map in the query");
        assertRefused("id", null, "NULL_VALUE", "row 9, field id: a key field cannot be NULL");
    }

    @Test
    void namesTheMemberOfANestedValue() {
        Map<String, @Nullable Object> inner = new LinkedHashMap<>();
        inner.put("x", "secret");
        inner.put("y", null);
        inner.put("next", List.of());
        Map<String, @Nullable Object> outer = new LinkedHashMap<>();
        outer.put("x", 1);
        outer.put("y", 2);
        outer.put("next", List.of(new StructValue(inner)));

        assertRefused(
                "some_points",
                List.of(new StructValue(outer)),
                "CONVERSION",
                "row 9, field some_points[0].next[0].x: int32 cannot take a value of kind VARCHAR");
        assertRefused(
                "counts",
                Map.of("k", "secret"),
                "CONVERSION",
                "row 9, field counts[a map value]: int64 cannot take a value of kind VARCHAR");
        assertRefused(
                "some_strings",
                Collections.singletonList(null),
                "NULL_VALUE",
                "row 9, field some_strings[0]: an element of a list cannot be NULL");
    }

    @Test
    void refusesAStructWhoseMembersAreNotTheFields() {
        assertRefused(
                "a_point",
                new StructValue(Map.of("x", 1)),
                "CONVERSION",
                "row 9, field a_point: penstock.test.everything.v1.Point cannot take this value of kind STRUCT: it has no"
                        + " member y (it has: [x])");
        assertRefused(
                "a_point",
                new StructValue(Map.of("x", 1, "y", 1, "next", List.of(), "z", 1)),
                "CONVERSION",
                "row 9, field a_point: penstock.test.everything.v1.Point cannot take this value of kind STRUCT: the message"
                        + " has no field for its members [z]");
    }

    @Test
    void refusesTwoMembersOfAOneof() {
        Object[] row = row("choice_number", 1);
        row[NAMES.indexOf("choice_text")] = "x";
        RowConverter converter = new RowConverter(TestContracts.EVERYTHING, NAMES, false);

        assertThatThrownBy(() -> converter.convert(row, 9))
                .hasMessage(
                        "row 9: oneof choice can hold one value, but choice_number and choice_text are both not NULL");
    }

    @Test
    void goesOnAfterARefusedRow() {
        RowConverter converter = new RowConverter(TestContracts.EVERYTHING, NAMES, false);
        converter.convert(row("a_int64", 5), 1);
        byte[] before = converter.value();
        assertThatThrownBy(() -> converter.convert(row("counts", Map.of("k", "x")), 2))
                .isInstanceOf(SourceException.class);

        converter.convert(row("a_int64", 5), 3);

        assertThat(converter.value()).isEqualTo(before);
    }

    @Test
    void namesTheKeyOnlyWhenAsked() {
        RowConverter converter = new RowConverter(TestContracts.EVERYTHING, NAMES, true);

        assertThatThrownBy(() -> converter.convert(row("a_bool", 1), 9))
                .hasMessage("row 9 (key 42), field a_bool: bool cannot take a value of kind INTEGER");
    }

    @Test
    void enforcesTheContractsBounds() {
        RowConverter converter = new RowConverter(
                TestContracts.CUSTOMER, List.of("CUSTOMER_ID", "name", "spend_cents", "last_order_at"), false);

        converter.convert(new Object[] {1L, "n", 1_000_000, null}, 1);
        assertThat(new String(converter.key(), StandardCharsets.UTF_8)).isEqualTo("1");
        assertThatThrownBy(() -> converter.convert(new Object[] {1L, "n", -1, null}, 2))
                .hasMessage("row 2, field spend_cents: the value is below its min 0");
        assertThatThrownBy(() -> converter.convert(new Object[] {1L, "n", 1_000_001, null}, 3))
                .hasMessage("row 3, field spend_cents: the value is above its max 1000000");
    }

    @Test
    void refusesColumnsThatAreNotTheFields() {
        assertThatThrownBy(() -> new RowConverter(
                        TestContracts.CUSTOMER, List.of("customer_id", "nmae", "spend_cents", "NMAE"), false))
                .isInstanceOf(SourceException.class)
                .hasMessage("the query's columns are not the fields of penstock.test.customer.v1.Customer: column NMAE"
                        + " appears twice; no column for name, last_order_at; no field for nmae, NMAE (name every column"
                        + " after its field)");
    }

    @Test
    void refusesARowThatIsTooLarge() {
        assertRefused("a_string", "x".repeat(1 << 20), "ROW_TOO_LARGE", "row 9: 1048582 bytes (expected: <= 1048576)");
    }

    private static void assertRefused(String field, @Nullable Object value, String code, String message) {
        RowConverter converter = new RowConverter(TestContracts.EVERYTHING, NAMES, false);
        assertThatThrownBy(() -> converter.convert(row(field, value), 9))
                .isInstanceOfSatisfying(SourceException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo(code);
                })
                .hasMessage(message);
    }

    /** A row of defaults, key 42, but for one field. */
    private static @Nullable Object[] row(String field, @Nullable Object value) {
        @Nullable Object[] row = new Object[FIELDS.size()];
        Arrays.setAll(row, i -> defaultOf(FIELDS.get(i)));
        row[0] = 42L;
        row[NAMES.indexOf(field)] = value;
        return row;
    }

    private static @Nullable Object defaultOf(FieldDescriptor field) {
        if (field.isMapField()) {
            return Map.of();
        }
        if (field.isRepeated() || field.hasPresence()) {
            return field.isRepeated() ? List.of() : null;
        }
        return switch (field.getJavaType()) {
            case BOOLEAN -> false;
            case STRING -> "";
            case BYTE_STRING -> new byte[0];
            case INT, LONG, FLOAT, DOUBLE, ENUM, MESSAGE -> 0;
        };
    }
}
