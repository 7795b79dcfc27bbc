package io.penstock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.Gson;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import io.penstock.contract.ContractException.Code;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyEncodingTest {
    private static final Vectors VECTORS = vectors();

    @ParameterizedTest
    @MethodSource("encodings")
    void writesTheGoldenVectors(Vector vector) {
        Contract contract = TestContracts.keyedBy(vector.types());
        KeyEncoding encoding = contract.keyEncoding();
        List<Object> values = vector.javaValues();
        assertThat(encoding.encode(values)).isEqualTo(vector.key());
        assertThat(encoding.decode(vector.key())).isEqualTo(values);
        assertThat(encoding.encode(row(contract.descriptor(), values))).isEqualTo(vector.key());
        assertThat(encoding.encode(row(TestContracts.linkedAgain(contract), values)))
                .isEqualTo(vector.key());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refusesTheGoldenRefusals(Vector vector) {
        KeyEncoding encoding = TestContracts.keyedBy(vector.types()).keyEncoding();
        ContractException refusal = catchThrowableOfType(ContractException.class, () -> encoding.decode(vector.key()));
        assertThat(refusal.code().name()).isEqualTo(vector.code());
    }

    @Test
    void hasAGoldenVectorForEveryTypeOfKeyField() {
        assertThat(VECTORS.encode().stream().flatMap(vector -> vector.types().stream()))
                .contains(
                        "string",
                        "int32",
                        "sint32",
                        "sfixed32",
                        "int64",
                        "sint64",
                        "sfixed64",
                        "uint32",
                        "fixed32",
                        "uint64",
                        "fixed64");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesDifferentValuesDifferentKeysAndFindsThemBack(long seed) {
        Random random = new Random(seed);
        KeyEncoding encoding =
                TestContracts.keyedBy(List.of("string", "string", "string")).keyEncoding();
        Map<String, List<String>> valuesByKey = new HashMap<>();
        for (int round = 0; round < 5_000; round++) {
            List<String> values = List.of(text(random), text(random), text(random));
            String key = encoding.encode(values);
            assertThat(encoding.decode(key)).isEqualTo(values);
            List<String> earlier = valuesByKey.put(key, values);
            assertThat(earlier == null || earlier.equals(values)).isTrue();
        }
    }

    /** Each text is the encoding of the values it decodes to, or of none: there are no two spellings of one key. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void decodesOnlyWhatItWrites(long seed) {
        Random random = new Random(seed);
        KeyEncoding encoding = TestContracts.keyedBy(List.of("string", "int32")).keyEncoding();
        int decoded = 0;
        for (int round = 0; round < 20_000; round++) {
            String key = text(random) + text(random);
            try {
                assertThat(encoding.encode(encoding.decode(key))).isEqualTo(key);
                decoded++;
            } catch (ContractException refused) {
                assertThat(refused.code()).isIn(Code.MALFORMED_KEY, Code.EMPTY_KEY);
            }
        }
        assertThat(decoded).isPositive();
    }

    @Test
    void takesIntegersOfTheOtherWidthIfTheyAreInRange() {
        assertThat(encode("int32", -7L)).isEqualTo("-7");
        assertThat(encode("uint32", 4294967295L)).isEqualTo("4294967295");
        assertThat(encode("uint32", -1)).isEqualTo("4294967295");
        assertThat(encode("int64", -7)).isEqualTo("-7");
        assertThat(encode("uint64", 7)).isEqualTo("7");
        assertThat(encode("uint64", -1L)).isEqualTo("18446744073709551615");
    }

    @Test
    void refusesValuesThatDoNotFitWithoutShowingThem() {
        assertRefused(
                "int32",
                4294967295L,
                Code.INVALID_KEY_VALUE,
                "key field shop.orders.v1.Order.part0: the Long is not a value of its type (expected: int32)");
        assertRefused(
                "uint32",
                -1L,
                Code.INVALID_KEY_VALUE,
                "key field shop.orders.v1.Order.part0: the Long is not a value of its type (expected: uint32)");
        assertRefused(
                "uint64",
                -1,
                Code.INVALID_KEY_VALUE,
                "key field shop.orders.v1.Order.part0: the Integer is not a value of its type (expected: uint64)");
        assertRefused(
                "string",
                7,
                Code.INVALID_KEY_VALUE,
                "key field shop.orders.v1.Order.part0: the Integer is not a value of its type (expected: string)");
        assertThatThrownBy(() ->
                        TestContracts.keyedBy(List.of("string")).keyEncoding().encode(Arrays.asList((Object) null)))
                .hasMessage("key field shop.orders.v1.Order.part0: the null is not a value of its type"
                        + " (expected: string)");
    }

    @Test
    void refusesTheWrongNumberOfValues() {
        assertThatThrownBy(() -> TestContracts.keyedBy(List.of("string", "int64"))
                        .keyEncoding()
                        .encode(List.of("a")))
                .hasMessage("key of shop.orders.v1.Order: 1 values (expected: 2, one for each of part0, part1)");
    }

    @Test
    void refusesKeysThatAreEmptyTooLongOrNotUtf8WithoutShowingThem() {
        assertRefused(
                "string",
                "",
                Code.EMPTY_KEY,
                "key of shop.orders.v1.Order: empty (expected: 1 to 1024 bytes of UTF-8)");
        assertThat(encode("string", "ä".repeat(512))).hasSize(512);
        assertRefused(
                "string",
                "ä".repeat(512) + "a",
                Code.KEY_TOO_LONG,
                "key of shop.orders.v1.Order: 1025 bytes of UTF-8 (expected: <= 1024)");
        assertRefused(
                "string",
                "ab\ud83d",
                Code.KEY_NOT_UTF8,
                "key of shop.orders.v1.Order: an unpaired surrogate at character 2"
                        + " (expected: text that UTF-8 can hold)");
        assertRefused(
                "string",
                "\ude80\ud83d",
                Code.KEY_NOT_UTF8,
                "key of shop.orders.v1.Order: an unpaired surrogate at character 0"
                        + " (expected: text that UTF-8 can hold)");
    }

    @Test
    void checksKeysOfUnknownContracts() {
        assertThat(KeyEncoding.requireValid("7")).isEqualTo("7");
        assertThatThrownBy(() -> KeyEncoding.requireValid(""))
                .hasMessage("key: empty (expected: 1 to 1024 bytes of UTF-8)");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void countsTheBytesThatUtf8Has(long seed) {
        Random random = new Random(seed);
        KeyEncoding encoding = TestContracts.keyedBy(List.of("string")).keyEncoding();
        for (int round = 0; round < 500; round++) {
            StringBuilder text = new StringBuilder();
            while (text.toString().getBytes(StandardCharsets.UTF_8).length < 1018 + random.nextInt(14)) {
                text.appendCodePoint(
                        new int[] {'a', 0xe4, 0x4eac, 0x1f680, 0x7f, 0x80, 0x7ff, 0x800, 0xffff}[random.nextInt(9)]);
            }
            int bytes = text.toString().getBytes(StandardCharsets.UTF_8).length;
            ContractException refusal =
                    catchThrowableOfType(ContractException.class, () -> encoding.encode(List.of(text.toString())));
            assertThat(refusal == null).isEqualTo(bytes <= KeyEncoding.KEY_BYTES_MAX);
        }
    }

    @Test
    void refusesRowsOfOtherMessages() {
        KeyEncoding encoding = TestContracts.keyedBy(List.of("int64")).keyEncoding();
        Descriptor other = Contract.of(TestContracts.customer360(), "examples.customer_360.v1.Customer360")
                .descriptor();
        assertThatThrownBy(() -> encoding.encode(DynamicMessage.getDefaultInstance(other)))
                .hasMessage("message examples.customer_360.v1.Customer360: cannot have the key field part0"
                        + " (expected: a message of shop.orders.v1.Order)");
    }

    @Test
    void isMadeOfStringsAndIntegersOnly() {
        FieldDescriptor email = Contract.of(TestContracts.customer360(), "examples.customer_360.v1.Customer360")
                .descriptor()
                .findFieldByName("last_order_at");
        assertThatThrownBy(() -> KeyEncoding.of(List.of(email)))
                .hasMessage("key field type: MESSAGE (expected: a string or an integer)");
        assertThatThrownBy(() -> KeyEncoding.of(List.of())).hasMessage("keyFields: none (expected: at least one)");
    }

    private static String encode(String type, Object value) {
        return TestContracts.keyedBy(List.of(type)).keyEncoding().encode(List.of(value));
    }

    private static void assertRefused(String type, Object value, Code code, String message) {
        ContractException refusal = catchThrowableOfType(ContractException.class, () -> encode(type, value));
        assertThat(refusal).hasMessage(message);
        assertThat(refusal.code()).isEqualTo(code);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(4); length > 0; length--) {
            text.append("|\\a7-0".charAt(random.nextInt(6)));
        }
        return text.toString();
    }

    private static DynamicMessage row(Descriptor descriptor, List<Object> values) {
        DynamicMessage.Builder row = DynamicMessage.newBuilder(descriptor);
        for (int i = 0; i < values.size(); i++) {
            row.setField(descriptor.findFieldByNumber(i + 1), values.get(i));
        }
        return row.build();
    }

    private static List<Vector> encodings() {
        return VECTORS.encode();
    }

    private static List<Vector> refusals() {
        return VECTORS.refuse_decode();
    }

    private static Vectors vectors() {
        try (Reader reader = new InputStreamReader(
                Objects.requireNonNull(KeyEncodingTest.class.getResourceAsStream("/key-vectors.json")),
                StandardCharsets.UTF_8)) {
            return new Gson().fromJson(reader, Vectors.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record Vectors(List<Vector> encode, List<Vector> refuse_decode) {}

    private record Vector(List<String> types, List<String> values, String key, String code) {
        List<Object> javaValues() {
            List<Object> result = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                String value = values.get(i);
                result.add(
                        switch (types.get(i)) {
                            case "string" -> value;
                            case "int32", "sint32", "sfixed32" -> Integer.parseInt(value);
                            case "uint32", "fixed32" -> Integer.parseUnsignedInt(value);
                            case "uint64", "fixed64" -> Long.parseUnsignedLong(value);
                            default -> Long.parseLong(value);
                        });
            }
            return result;
        }
    }
}
