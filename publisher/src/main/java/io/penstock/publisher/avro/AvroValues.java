package io.penstock.publisher.avro;

import io.penstock.publisher.convert.StructValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Brings what Avro decodes to the classes the conversion knows, by its schema; see {@code docs/types.md}. */
final class AvroValues {
    private static final long THOUSAND = 1_000;
    private static final long MILLION = 1_000_000;
    private static final long BILLION = 1_000_000_000;

    private AvroValues() {}

    static @Nullable Object canonical(Schema schema, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        return switch (schema.getType()) {
            case UNION -> canonical(branch(schema, value), value);
            case RECORD -> struct(schema, (IndexedRecord) value);
            case ARRAY -> list(schema.getElementType(), (Collection<?>) value);
            case MAP -> map(schema.getValueType(), (Map<?, ?>) value);
            case STRING, ENUM -> value.toString();
            case INT -> ofInt(schema, (Integer) value);
            case LONG -> ofLong(schema, (Long) value);
            case BYTES -> ofBytes(schema, bytes((ByteBuffer) value));
            case FIXED -> ofFixed(schema, ((GenericFixed) value).bytes());
            case FLOAT, DOUBLE, BOOLEAN, NULL -> value;
        };
    }

    /** Most often the other one is null. */
    private static Schema branch(Schema union, Object value) {
        List<Schema> branches = union.getTypes();
        if (branches.size() == 2 && branches.get(0).getType() == Schema.Type.NULL) {
            return branches.get(1);
        }
        return branches.get(GenericData.get().resolveUnion(union, value));
    }

    private static String logical(Schema schema) {
        LogicalType type = schema.getLogicalType();
        return type == null ? "" : type.getName();
    }

    private static Object ofInt(Schema schema, int value) {
        return switch (logical(schema)) {
            case "date" -> LocalDate.ofEpochDay(value);
            case "time-millis" -> LocalTime.ofNanoOfDay(Math.floorMod(value * MILLION, 86_400 * BILLION));
            default -> value;
        };
    }

    private static Object ofLong(Schema schema, long value) {
        return switch (logical(schema)) {
            case "timestamp-millis" -> Instant.ofEpochMilli(value);
            case "timestamp-micros" -> instant(value, MILLION);
            case "timestamp-nanos" -> instant(value, BILLION);
            case "local-timestamp-millis" -> local(Instant.ofEpochMilli(value));
            case "local-timestamp-micros" -> local(instant(value, MILLION));
            case "local-timestamp-nanos" -> local(instant(value, BILLION));
            case "time-micros" -> LocalTime.ofNanoOfDay(Math.floorMod(value, 86_400 * MILLION) * THOUSAND);
            default -> value;
        };
    }

    private static Instant instant(long value, long perSecond) {
        return Instant.ofEpochSecond(
                Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (BILLION / perSecond));
    }

    private static LocalDateTime local(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    private static Object ofBytes(Schema schema, byte[] value) {
        return schema.getLogicalType() instanceof LogicalTypes.Decimal decimal ? decimal(decimal, value) : value;
    }

    private static Object ofFixed(Schema schema, byte[] value) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return decimal(decimal, value);
        }
        return switch (logical(schema)) {
            case "uuid" -> uuid(value);
            case "duration" -> duration(value);
            default -> value.clone();
        };
    }

    private static BigDecimal decimal(LogicalTypes.Decimal type, byte[] value) {
        return new BigDecimal(value.length == 0 ? BigInteger.ZERO : new BigInteger(value), type.getScale());
    }

    private static UUID uuid(byte[] value) {
        ByteBuffer bits = ByteBuffer.wrap(value);
        return new UUID(bits.getLong(), bits.getLong());
    }

    /** Three unsigned numbers: months, days, milliseconds. Months have no fixed length, and are left to be refused. */
    private static Object duration(byte[] value) {
        ByteBuffer parts = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        long months = Integer.toUnsignedLong(parts.getInt());
        long days = Integer.toUnsignedLong(parts.getInt());
        long millis = Integer.toUnsignedLong(parts.getInt());
        return months == 0
                ? Duration.ofDays(days).plusMillis(millis)
                : months + " months " + days + " days "
                        + BigDecimal.valueOf(millis, 3).toPlainString() + " secs";
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static StructValue struct(Schema schema, IndexedRecord value) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (Schema.Field field : schema.getFields()) {
            members.put(field.name(), canonical(field.schema(), value.get(field.pos())));
        }
        return new StructValue(members);
    }

    private static List<@Nullable Object> list(Schema element, Collection<?> values) {
        List<@Nullable Object> elements = new ArrayList<>(values.size());
        for (Object value : values) {
            elements.add(canonical(element, value));
        }
        return Collections.unmodifiableList(elements);
    }

    private static Map<@Nullable Object, @Nullable Object> map(Schema valueSchema, Map<?, ?> values) {
        Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            entries.put(String.valueOf(entry.getKey()), canonical(valueSchema, entry.getValue()));
        }
        return entries;
    }
}
