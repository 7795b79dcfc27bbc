package io.penstock.publisher.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.penstock.publisher.TestContracts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For random rows: what is written parses into the message that protobuf itself would have written, byte for byte. */
class ConversionPropertyTest {
    private static final Descriptor MESSAGE = TestContracts.EVERYTHING.descriptor();

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void writesTheBytesThatProtobufWrites(long seed) throws IOException {
        Random random = new Random(seed);
        DynamicMessage expected = randomMessage(MESSAGE, random, 0);
        expected = expected.toBuilder()
                .setField(MESSAGE.findFieldByName("id"), random.nextLong())
                .build();
        List<String> names = new ArrayList<>();
        List<@Nullable Object> values = new ArrayList<>();
        for (FieldDescriptor field : MESSAGE.getFields()) {
            names.add(field.getName());
            values.add(sqlValue(field, expected));
        }
        RowConverter converter = new RowConverter(TestContracts.EVERYTHING, names, false);

        converter.convert(values.toArray(), 1);

        assertThat(DynamicMessage.parseFrom(MESSAGE, converter.value())).isEqualTo(expected);
        assertThat(converter.value()).isEqualTo(deterministicBytes(expected));
        assertThat(new String(converter.key(), StandardCharsets.UTF_8))
                .isEqualTo(TestContracts.EVERYTHING.keyEncoding().encode(expected));
        for (FieldDescriptor field : MESSAGE.getFields()) {
            assertThat(converter.isNull(field.getIndex())).isEqualTo(field.hasPresence() && !expected.hasField(field));
        }
    }

    private static byte[] deterministicBytes(Message message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        // Map entries keep the order they were added in: randomMessage adds them sorted.
        message.writeTo(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static DynamicMessage randomMessage(Descriptor type, Random random, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        Map<Object, Integer> oneofs = new HashMap<>();
        for (FieldDescriptor field : type.getFields()) {
            if (field.getRealContainingOneof() != null
                    && oneofs.merge(field.getRealContainingOneof(), 1, Integer::sum) > 1) {
                continue;
            }
            if (field.isMapField()) {
                addEntries(message, field, random, depth);
            } else if (field.isRepeated()) {
                int elements = depth > 2 ? 0 : random.nextInt(3);
                for (int i = 0; i < elements; i++) {
                    message.addRepeatedField(field, randomValue(field, random, depth));
                }
            } else if (!field.hasPresence() || random.nextBoolean()) {
                message.setField(field, randomValue(field, random, depth));
            }
        }
        return message.build();
    }

    private static void addEntries(DynamicMessage.Builder message, FieldDescriptor field, Random random, int depth) {
        Descriptor entry = field.getMessageType();
        int count = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            FieldDescriptor key = entry.findFieldByNumber(1);
            boolean text = key.getJavaType() == FieldDescriptor.JavaType.STRING;
            message.addRepeatedField(
                    field,
                    DynamicMessage.newBuilder(entry)
                            .setField(key, text ? "key" + i : (Object) (i - 1))
                            .setField(
                                    entry.findFieldByNumber(2), randomValue(entry.findFieldByNumber(2), random, depth))
                            .build());
        }
    }

    private static Object randomValue(FieldDescriptor field, Random random, int depth) {
        if (random.nextInt(4) == 0 && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return defaultOf(field);
        }
        return switch (field.getJavaType()) {
            case INT -> random.nextInt() >> random.nextInt(32);
            case LONG -> random.nextLong() >> random.nextInt(64);
            case FLOAT -> random.nextInt(9) == 0 ? Float.NaN : Float.intBitsToFloat(random.nextInt(0x7F80_0000));
            case DOUBLE -> random.nextInt(9) == 0 ? Double.NEGATIVE_INFINITY : -random.nextDouble() * 1e300;
            case BOOLEAN -> random.nextBoolean();
            case STRING -> "größe \uD83D\uDE00 " + random.nextInt();
            case BYTE_STRING -> randomBytes(random);
            case ENUM -> field.getEnumType().getValues().get(random.nextInt(3));
            case MESSAGE -> randomNested(field.getMessageType(), random, depth + 1);
        };
    }

    private static Object defaultOf(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> 0;
            case LONG -> 0L;
            case FLOAT -> -0.0f;
            case DOUBLE -> 0.0;
            case BOOLEAN -> false;
            case STRING -> "";
            case BYTE_STRING -> ByteString.EMPTY;
            case ENUM -> field.getEnumType().findValueByNumber(0);
            case MESSAGE -> throw new AssertionError(field);
        };
    }

    private static ByteString randomBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(9)];
        random.nextBytes(bytes);
        return ByteString.copyFrom(bytes);
    }

    private static DynamicMessage randomNested(Descriptor type, Random random, int depth) {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
        return switch (type.getFullName()) {
            case "google.protobuf.Timestamp" ->
                message.setField(type.findFieldByName("seconds"), random.nextLong(-62_135_596_800L, 253_402_300_800L))
                        .setField(type.findFieldByName("nanos"), random.nextInt(1_000_000_000))
                        .build();
            case "google.protobuf.Duration" -> {
                int sign = random.nextBoolean() ? 1 : -1;
                yield message.setField(type.findFieldByName("seconds"), sign * random.nextLong(315_576_000_000L))
                        .setField(type.findFieldByName("nanos"), sign * random.nextInt(1_000_000_000))
                        .build();
            }
            default -> randomMessage(type, random, depth);
        };
    }

    /** What a database would have returned for a field of the message. */
    private static @Nullable Object sqlValue(FieldDescriptor field, Message message) {
        if (field.isMapField()) {
            Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
            List<?> entries = (List<?>) message.getField(field);
            for (int i = entries.size() - 1; i >= 0; i--) { // not in the order they are to be written in
                Message entry = (Message) entries.get(i);
                Descriptor type = entry.getDescriptorForType();
                map.put(sqlValue(type.findFieldByNumber(1), entry), sqlValue(type.findFieldByNumber(2), entry));
            }
            return map;
        }
        if (field.isRepeated()) {
            List<@Nullable Object> list = new ArrayList<>();
            ((List<?>) message.getField(field)).forEach(element -> list.add(sqlSingle(field, element)));
            return list;
        }
        return field.hasPresence() && !message.hasField(field) ? null : sqlSingle(field, message.getField(field));
    }

    private static Object sqlSingle(FieldDescriptor field, Object value) {
        if (value instanceof ByteString bytes) {
            return bytes.toByteArray();
        }
        if (value instanceof EnumValueDescriptor color) {
            return color.getNumber() == 1 ? color.getName() : (Object) (short) color.getNumber();
        }
        if (value instanceof Message nested) {
            return sqlNested(nested);
        }
        return switch (field.getType()) {
            case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
            case UINT64, FIXED64 -> new BigInteger(Long.toUnsignedString((Long) value));
            default -> value;
        };
    }

    private static Object sqlNested(Message nested) {
        Descriptor type = nested.getDescriptorForType();
        FieldDescriptor first = type.getFields().get(0);
        FieldDescriptor last = type.getFields().get(type.getFields().size() - 1);
        return switch (type.getFullName()) {
            case "google.protobuf.Timestamp" ->
                Instant.ofEpochSecond((Long) nested.getField(first), (Integer) nested.getField(last));
            case "google.protobuf.Duration" ->
                Duration.ofSeconds((Long) nested.getField(first), (Integer) nested.getField(last));
            case "google.protobuf.Int64Value" -> nested.getField(first);
            default -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                type.getFields().forEach(field -> members.put(field.getName(), sqlValue(field, nested)));
                yield new StructValue(members);
            }
        };
    }
}
