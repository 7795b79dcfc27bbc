package io.penstock.publisher.unique;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormat.ParseException;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.TestContracts;
import io.penstock.publisher.testing.HeapSorter;
import io.penstock.publisher.write.RowLimits;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UniqueValuesBehaviourTest {
    private static final Descriptor MESSAGE = TestContracts.EVERYTHING.descriptor();

    private static void check(String fields, List<byte[]> rows) {
        List<FieldDescriptor> unique =
                Arrays.stream(fields.split(" ")).map(MESSAGE::findFieldByName).toList();
        try (UniqueValues values = UniqueValues.of(unique, HeapSorter::new)) {
            long number = 0;
            for (byte[] row : rows) {
                values.add(row, ++number);
            }
            values.require(new RowLimits("tests/everything.v1", true));
        }
    }

    private static void check(String fields, String... rows) {
        check(fields, Arrays.stream(rows).map(UniqueValuesBehaviourTest::row).toList());
    }

    /** A row written as protobuf's text format. */
    private static byte[] row(String text) {
        try {
            DynamicMessage.Builder message = DynamicMessage.newBuilder(MESSAGE);
            TextFormat.merge(text, message);
            return message.build().toByteArray();
        } catch (ParseException e) {
            throw new AssertionError(text, e);
        }
    }

    private static void assertRefused(String field, int first, int second, String fields, String... rows) {
        assertThatThrownBy(() -> check(fields, rows))
                .isInstanceOfSatisfying(
                        PublisherException.class, e -> assertThat(e.code()).isEqualTo("RULE_VIOLATED"))
                .hasMessage(
                        "tests/everything.v1: rows " + first + " and " + second + ", field " + field
                                + ": have the same value, and the contract says unique; correct the rows, or leave the rule out");
    }

    @ParameterizedTest
    @CsvSource({
        "a_string, '\"x\"', '\"y\"'",
        "a_bytes, '\"x\"', '\"y\"'",
        "a_int32, -1, 1",
        "a_int64, -9223372036854775808, 9223372036854775807",
        "a_sint64, -1, 1",
        "a_uint64, 18446744073709551615, 1",
        "a_fixed32, 4294967295, 1",
        "a_sfixed64, -1, 1"
    })
    void valuesOfEveryKindAreCompared(String field, String one, String other) {
        check(field, field + ": " + one, field + ": " + other);
        assertRefused(field, 1, 3, field, field + ": " + one, field + ": " + other, field + ": " + one);
    }

    @Test
    void nullIsTheSameAsNoOther() {
        check("maybe_string", "", "", "maybe_string: ''");
        assertRefused("maybe_string", 2, 3, "maybe_string", "", "maybe_string: ''", "maybe_string: ''");
    }

    @Test
    void whatIsLeftOutOfAFieldWithoutPresenceIsItsDefault() {
        assertRefused("a_string", 1, 2, "a_string", "", "a_int64: 1");
        assertRefused("a_int64", 1, 2, "a_int64", "", "a_string: 'x'");
    }

    @Test
    void fieldsAreComparedEachWithItself() {
        check("a_string maybe_string", "a_string: 'x' maybe_string: 'y'", "a_string: 'y' maybe_string: 'x'");
        assertRefused(
                "maybe_string",
                1,
                2,
                "a_string maybe_string",
                "a_string: 'x' maybe_string: 'y'",
                "a_string: 'y' maybe_string: 'y'");
    }

    @Test
    void ofAFieldThatIsThereTwiceTheLastCounts() {
        byte[] twice = ByteString.copyFrom(row("a_string: 'x'"))
                .concat(ByteString.copyFrom(row("a_string: 'y'")))
                .toByteArray();
        assertThatCode(() -> check("a_string", List.of(twice, row("a_string: 'x'"))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> check("a_string", List.of(twice, row("a_string: 'y'"))))
                .hasMessageContaining("rows 1 and 2, field a_string");
    }
}
