package io.penstock.publisher.convert;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a message from one value a field, in the order of the field numbers, so that equal rows are equal bytes. */
final class MessageWriter {
    private final Descriptor message;
    private final List<FieldDescriptor> fields;
    private final FieldWriter[] writers;

    MessageWriter(Descriptor message, MessageWriters known) {
        this.message = message;
        this.fields = inNumberOrder(message);
        this.writers =
                fields.stream().map(field -> FieldWriter.of(field, known)).toArray(FieldWriter[]::new);
    }

    static List<FieldDescriptor> inNumberOrder(Descriptor message) {
        List<FieldDescriptor> fields = new ArrayList<>(message.getFields());
        fields.sort(Comparator.comparingInt(FieldDescriptor::getNumber));
        return List.copyOf(fields);
    }

    /** In the order {@link #write} takes their values. */
    List<FieldDescriptor> fields() {
        return fields;
    }

    /** Writes the body from one value a field; null is NULL. */
    void write(@Nullable Object[] values, Output out) throws IOException {
        for (OneofDescriptor oneof : message.getRealOneofs()) {
            checkOneof(oneof, values);
        }
        for (int i = 0; i < writers.length; i++) {
            try {
                writers[i].write(values[i], out);
            } catch (ConversionException e) {
                throw e.within(fields.get(i).getName());
            }
        }
    }

    private void checkOneof(OneofDescriptor oneof, @Nullable Object[] values) {
        String set = null;
        for (int i = 0; i < values.length; i++) {
            FieldDescriptor field = fields.get(i);
            if (values[i] == null || field.getContainingOneof() != oneof) {
                continue;
            }
            if (set != null) {
                throw new ConversionException(
                        ConversionException.ONEOF_CONFLICT,
                        "oneof " + oneof.getName() + " can hold one value, but " + set + " and " + field.getName()
                                + " are both not NULL");
            }
            set = field.getName();
        }
    }

    /** As the body of a nested message, from a SQL struct whose members are the message's fields. */
    void writeStruct(Object value, Output out) throws IOException {
        if (!(value instanceof StructValue struct)) {
            throw ConversionException.cannotTake(message.getFullName(), value);
        }
        Map<String, @Nullable Object> members = struct.members();
        @Nullable Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            String name = fields.get(i).getName();
            values[i] = members.get(name);
            if (values[i] == null && !members.containsKey(name)) {
                throw ConversionException.cannotTake(
                        message.getFullName(),
                        value,
                        "it has no member " + name + " (it has: " + members.keySet() + ")");
            }
        }
        if (members.size() > values.length) {
            Set<String> unknown = new HashSet<>(members.keySet());
            fields.forEach(field -> unknown.remove(field.getName()));
            throw ConversionException.cannotTake(
                    message.getFullName(), value, "the message has no field for its members " + unknown);
        }
        write(values, out);
    }

    /** The writers of nested message types, each made when it is first needed, so that a type may contain itself. */
    static final class MessageWriters {
        private final Map<String, BodyWriter> byName = new HashMap<>();

        BodyWriter of(Descriptor message) {
            BodyWriter writer = byName.get(message.getFullName());
            if (writer == null) {
                writer = create(message);
                byName.put(message.getFullName(), writer);
            }
            return writer;
        }

        private BodyWriter create(Descriptor message) {
            return switch (message.getFullName()) {
                case "google.protobuf.Timestamp" -> TimeWriters::writeTimestamp;
                case "google.protobuf.Duration" -> TimeWriters::writeDuration;
                case "google.protobuf.DoubleValue",
                        "google.protobuf.FloatValue",
                        "google.protobuf.Int64Value",
                        "google.protobuf.UInt64Value",
                        "google.protobuf.Int32Value",
                        "google.protobuf.UInt32Value",
                        "google.protobuf.BoolValue",
                        "google.protobuf.StringValue",
                        "google.protobuf.BytesValue" -> wrapper(message.findFieldByNumber(1));
                default ->
                    TimeWriters.isDate(message) ? TimeWriters.dateWriter(message, struct(message)) : struct(message);
            };
        }

        private static BodyWriter wrapper(FieldDescriptor wrapped) {
            return (value, out) -> {
                Object converted = ScalarConversion.convert(wrapped, value);
                if (!ScalarWriter.isDefault(converted)) {
                    ScalarWriter.write(out.coded(), wrapped, converted);
                }
            };
        }

        private BodyWriter struct(Descriptor message) {
            return new BodyWriter() {
                private @Nullable MessageWriter writer;

                @Override
                public void write(Object value, Output out) throws IOException {
                    if (writer == null) {
                        writer = new MessageWriter(message, MessageWriters.this);
                    }
                    writer.writeStruct(value, out);
                }
            };
        }
    }
}
