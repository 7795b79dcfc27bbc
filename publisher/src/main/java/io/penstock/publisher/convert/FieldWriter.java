package io.penstock.publisher.convert;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.penstock.publisher.convert.MessageWriter.MessageWriters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes one field, tag included, from one SQL value, NULL included. */
@FunctionalInterface
interface FieldWriter {
    void write(@Nullable Object value, Output out) throws IOException;

    static FieldWriter of(FieldDescriptor field, MessageWriters known) {
        if (field.isMapField()) {
            return map(field, known);
        }
        if (field.isRepeated()) {
            return repeated(field, known);
        }
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE ? message(field, known) : scalar(field);
    }

    private static FieldWriter scalar(FieldDescriptor field) {
        boolean presence = field.hasPresence();
        return (value, out) -> {
            if (value == null) {
                if (!presence) {
                    throw ConversionException.nullValue(
                            "the field cannot be NULL: declare it `optional`, or coalesce it" + " in the query");
                }
                return;
            }
            Object converted = ScalarConversion.convert(field, value);
            if (presence || !ScalarWriter.isDefault(converted)) {
                ScalarWriter.write(out.coded(), field, converted);
            }
        };
    }

    private static FieldWriter message(FieldDescriptor field, MessageWriters known) {
        BodyWriter body = known.of(field.getMessageType());
        return (value, out) -> {
            if (value != null) {
                writeNested(field, body, value, out);
            }
        };
    }

    private static void writeNested(FieldDescriptor field, BodyWriter body, Object value, Output out)
            throws IOException {
        Output nested = out.nested();
        body.write(value, nested);
        out.coded().writeByteArray(field.getNumber(), nested.finish());
    }

    private static FieldWriter repeated(FieldDescriptor field, MessageWriters known) {
        BodyWriter body =
                field.getJavaType() == FieldDescriptor.JavaType.MESSAGE ? known.of(field.getMessageType()) : null;
        return (value, out) -> {
            List<?> elements = elements(field, value);
            if (elements.isEmpty()) {
                return;
            }
            Output packed = field.isPacked() ? out.nested() : null;
            for (int i = 0; i < elements.size(); i++) {
                try {
                    Object element = elements.get(i);
                    if (element == null) {
                        throw ConversionException.nullValue("an element of a list cannot be NULL");
                    }
                    if (body != null) {
                        writeNested(field, body, element, out);
                    } else if (packed != null) {
                        ScalarWriter.writeNoTag(packed.coded(), field, ScalarConversion.convert(field, element));
                    } else {
                        ScalarWriter.write(out.coded(), field, ScalarConversion.convert(field, element));
                    }
                } catch (ConversionException e) {
                    throw e.within("[" + i + "]");
                }
            }
            if (packed != null) {
                out.coded().writeByteArray(field.getNumber(), packed.finish());
            }
        };
    }

    private static List<?> elements(FieldDescriptor field, @Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        if (value == null) {
            throw ConversionException.nullValue(
                    "a repeated field cannot be NULL: coalesce it to an empty list in the query");
        }
        throw ConversionException.cannotTake("repeated " + typeName(field), value);
    }

    private static FieldWriter map(FieldDescriptor field, MessageWriters known) {
        FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
        BodyWriter body = valueField.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? known.of(valueField.getMessageType())
                : null;
        return (value, out) -> {
            if (value == null) {
                throw ConversionException.nullValue(
                        "a map field cannot be NULL: coalesce it to an empty map in the query");
            }
            if (!(value instanceof Map<?, ?> map)) {
                throw ConversionException.cannotTake("a map field", value);
            }
            for (Entry entry : entries(keyField, map)) {
                writeEntry(field, entry, keyField, valueField, body, out);
            }
        };
    }

    /** Writes key and value even when they are defaults, as protobuf's own writers do. */
    private static void writeEntry(
            FieldDescriptor field,
            Entry entry,
            FieldDescriptor keyField,
            FieldDescriptor valueField,
            @Nullable BodyWriter body,
            Output out)
            throws IOException {
        Output nested = out.nested();
        ScalarWriter.write(nested.coded(), keyField, entry.key());
        try {
            if (entry.value() == null) {
                throw ConversionException.nullValue("a value of a map cannot be NULL");
            }
            if (body != null) {
                writeNested(valueField, body, entry.value(), nested);
            } else {
                ScalarWriter.write(nested.coded(), valueField, ScalarConversion.convert(valueField, entry.value()));
            }
        } catch (ConversionException e) {
            throw e.within("[a map value]");
        }
        out.coded().writeTag(field.getNumber(), WireFormat.WIRETYPE_LENGTH_DELIMITED);
        byte[] bytes = nested.finish();
        out.coded().writeUInt32NoTag(bytes.length);
        out.coded().writeRawBytes(bytes);
    }

    /** In the order of the keys, because a SQL map has none that can be relied on. */
    private static List<Entry> entries(FieldDescriptor keyField, Map<?, ?> map) {
        List<Entry> entries = new ArrayList<>(map.size());
        Set<Object> distinct = new HashSet<>();
        for (Map.Entry<?, ?> each : map.entrySet()) {
            try {
                if (each.getKey() == null) {
                    throw ConversionException.nullValue("a key of a map cannot be NULL");
                }
                Object key = ScalarConversion.convert(keyField, each.getKey());
                if (!distinct.add(key)) {
                    throw new ConversionException(
                            ConversionException.CONVERSION, "two keys of the map are the same in the contract's type");
                }
                entries.add(new Entry(key, each.getValue()));
            } catch (ConversionException e) {
                throw e.within("[a map key]");
            }
        }
        entries.sort(Comparator.comparing(Entry::key, FieldWriter::compareKeys));
        return entries;
    }

    private static int compareKeys(Object one, Object other) {
        if (one instanceof String text) {
            return text.compareTo((String) other);
        }
        if (one instanceof Boolean truth) {
            return truth.compareTo((Boolean) other);
        }
        return Long.compare(((Number) one).longValue(), ((Number) other).longValue());
    }

    private static String typeName(FieldDescriptor field) {
        return field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                ? field.getMessageType().getFullName()
                : field.getType().toString().toLowerCase(java.util.Locale.ROOT);
    }

    /** A key converted, a value not yet. */
    record Entry(Object key, @Nullable Object value) {}
}
