package io.penstock.publisher.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormat.ParseException;
import io.penstock.publisher.TestContracts;
import io.penstock.storage.v1.FieldProfile;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowProfilerBehaviourTest {
    private static final Descriptor MESSAGE = TestContracts.EVERYTHING.descriptor();

    private final RowProfiler profiler = new RowProfiler(
            MESSAGE,
            Set.of("a_string", "maybe_string", "a_int64", "a_double", "a_color", "a_bool", "a_date", "a_bytes")
                    ::contains);

    /** Counts a row written as protobuf's text format. */
    private void count(String row) {
        try {
            DynamicMessage.Builder message = DynamicMessage.newBuilder(MESSAGE);
            TextFormat.merge(row, message);
            profiler.count(message.build().toByteArray());
        } catch (ParseException e) {
            throw new AssertionError(row, e);
        }
    }

    private FieldProfile profile(String field) {
        return profiler.profile(MESSAGE.findFieldByName(field), 0);
    }

    private void assertNumbers(String field, long numbers, double min, double max, double mean) {
        FieldProfile profile = profile(field);
        assertThat(profile.getNumbers()).as(field).isEqualTo(numbers);
        assertThat(profile.getMin()).as(field).isEqualTo(min);
        assertThat(profile.getMax()).as(field).isEqualTo(max);
        assertThat(profile.getMean()).as(field).isEqualTo(mean);
    }

    @Test
    void readsEveryKindOfNumber() {
        count("""
                a_int32: -3 a_sint32: -5 a_sfixed32: -7 a_uint32: 4294967295 a_fixed32: 9 a_int64: -11 a_sint64: -13
                a_sfixed64: -15 a_uint64: 18446744073709551615 a_fixed64: 17 a_double: 0.5 a_float: -0.25 maybe_int64: 4
                """);
        count("""
                a_int32: 1 a_sint32: 1 a_sfixed32: 1 a_uint32: 1 a_fixed32: 1 a_int64: 1 a_sint64: 1 a_sfixed64: 1
                a_uint64: 1 a_fixed64: 1 a_double: 1 a_float: 1
                """);

        assertNumbers("a_int32", 2, -3, 1, -1);
        assertNumbers("a_sint32", 2, -5, 1, -2);
        assertNumbers("a_sfixed32", 2, -7, 1, -3);
        assertNumbers("a_uint32", 2, 1, 4_294_967_295.0, 2_147_483_648.0);
        assertNumbers("a_fixed32", 2, 1, 9, 5);
        assertNumbers("a_int64", 2, -11, 1, -5);
        assertNumbers("a_sint64", 2, -13, 1, -6);
        assertNumbers("a_sfixed64", 2, -15, 1, -7);
        assertNumbers("a_uint64", 2, 1, 0x1p64, 0x1p63);
        assertNumbers("a_fixed64", 2, 1, 17, 9);
        assertNumbers("a_double", 2, 0.5, 1, 0.75);
        assertNumbers("a_float", 2, -0.25, 1, 0.375);
        assertNumbers("maybe_int64", 1, 4, 4, 4);
    }

    @Test
    void takesAnAbsentFieldWithoutPresenceForItsDefaultAndOneWithPresenceForNull() {
        count("");
        count("a_int64: 4 maybe_int64: 0 some_int32: 5");

        assertNumbers("a_int64", 2, 0, 4, 2);
        assertNumbers("maybe_int64", 1, 0, 0, 0);
        assertThat(profile("a_timestamp").hasMean()).isFalse();
        assertThat(profile("some_int32").getNumbers()).isZero();
    }

    @Test
    void countsNoNumberForNaN() {
        count("a_double: nan");
        count("a_double: 3");
        assertNumbers("a_double", 1, 3, 3, 3);
    }

    @Test
    void countsTextsWithoutAVisibleCharacterAsBlank() {
        for (String text : new String[] {"", " ", "\\t\\n", "\u2003", "a", " a", "é", "\\001"}) {
            count("a_string: \"" + text + "\" maybe_string: \"" + text + "\"");
        }
        count("");

        assertThat(profile("a_string").getBlanks()).as("with the absent one").isEqualTo(5);
        assertThat(profile("maybe_string").getBlanks()).as("NULL is not blank").isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 1_000, 50_000})
    void countsDifferentValuesWithinAFewPercent(int different) {
        for (int i = 0; i < 2 * different; i++) {
            int value = i % different;
            count("a_string: \"value " + value + "\" a_int64: " + value + " a_double: " + value + ".25");
        }
        for (String field : new String[] {"a_string", "a_int64", "a_double"}) {
            assertThat((double) profile(field).getDistinct()).as(field).isCloseTo(different, within(different * 0.03));
        }
        assertThat(profile("maybe_string").getDistinct()).isZero();
        assertThat(profile("a_int32").hasDistinct()).as("nobody asked").isFalse();
    }

    @Test
    void countsDifferentValuesOfOtherKinds() {
        count("a_color: COLOR_RED a_bool: true");
        count("a_color: COLOR_BLUE a_date { year: 1 }");
        count("");

        assertThat(profile("a_color").getDistinct()).isEqualTo(3);
        assertThat(profile("a_bool").getDistinct()).isEqualTo(2);
        assertThat(profile("a_date").getDistinct()).isEqualTo(1);
        assertThat(profile("a_bytes").getDistinct()).isEqualTo(1);
    }

    @Test
    void survivesBytesThatAreNoMessage() {
        profiler.count("value-1".getBytes(StandardCharsets.US_ASCII));
        profiler.count(new byte[] {15 << 3 | 2, 127});
        assertThat(profile("a_timestamp").getNumbers()).isZero();
    }
}
