package io.penstock.cli.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * A message as protobuf JSON with the contract's field names, except that every number is a JSON number: 64-bit integers,
 * too, which protobuf writes as strings. Fields without presence are there whatever they hold. What JSON has no number for
 * ({@code NaN}, infinities) stays a string.
 */
public final class MessageJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFormat.Printer WELL_KNOWN =
            JsonFormat.printer().preservingProtoFieldNames().alwaysPrintFieldsWithNoPresence();

    private static final String WELL_KNOWN_PACKAGE = "google.protobuf";

    /** Written as the value they wrap. */
    private static final Set<String> WRAPPERS = Set.of(
            "DoubleValue",
            "FloatValue",
            "Int64Value",
            "UInt64Value",
            "Int32Value",
            "UInt32Value",
            "BoolValue",
            "StringValue",
            "BytesValue");

    /** Written in a form of their own. */
    private static final Set<String> SPECIAL =
            Set.of("Timestamp", "Duration", "FieldMask", "Struct", "Value", "ListValue", "Any");

    private MessageJson() {}

    public static JsonNode of(Message message) {
        var type = message.getDescriptorForType();
        if (type.getFile().getPackage().equals(WELL_KNOWN_PACKAGE)) {
            if (WRAPPERS.contains(type.getName())) {
                FieldDescriptor value = type.findFieldByName("value");
                return value(value, message.getField(value));
            }
            if (SPECIAL.contains(type.getName())) {
                return special(message);
            }
        }
        return plain(message);
    }

    private static JsonNode plain(Message message) {
        ObjectNode object = NODES.objectNode();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (field.hasPresence() && !message.hasField(field)) {
                continue;
            }
            object.set(field.getName(), field(field, message.getField(field)));
        }
        return object;
    }

    private static JsonNode field(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            ObjectNode map = NODES.objectNode();
            for (Object each : (List<?>) value) {
                Message entry = (Message) each;
                FieldDescriptor keyField = entry.getDescriptorForType().findFieldByNumber(1);
                FieldDescriptor valueField = entry.getDescriptorForType().findFieldByNumber(2);
                map.set(
                        value(keyField, entry.getField(keyField)).asText(),
                        value(valueField, entry.getField(valueField)));
            }
            return map;
        }
        if (field.isRepeated()) {
            ArrayNode list = NODES.arrayNode();
            for (Object each : (List<?>) value) {
                list.add(value(field, each));
            }
            return list;
        }
        return value(field, value);
    }

    private static JsonNode value(FieldDescriptor field, Object value) {
        return switch (field.getType()) {
            case INT32, SINT32, SFIXED32 -> NODES.numberNode((int) value);
            case UINT32, FIXED32 -> NODES.numberNode(Integer.toUnsignedLong((int) value));
            case INT64, SINT64, SFIXED64 -> NODES.numberNode((long) value);
            case UINT64, FIXED64 -> NODES.numberNode(new BigInteger(Long.toUnsignedString((long) value)));
            case FLOAT -> Float.isFinite((float) value) ? NODES.numberNode((float) value) : text(value);
            case DOUBLE -> Double.isFinite((double) value) ? NODES.numberNode((double) value) : text(value);
            case BOOL -> NODES.booleanNode((boolean) value);
            case STRING -> text(value);
            case BYTES -> text(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
            case ENUM -> enumValue((EnumValueDescriptor) value);
            case MESSAGE, GROUP -> of((Message) value);
        };
    }

    private static JsonNode enumValue(EnumValueDescriptor value) {
        if (value.getType().getFullName().equals("google.protobuf.NullValue")) {
            return NODES.nullNode();
        }
        return value.getIndex() < 0 ? NODES.numberNode(value.getNumber()) : text(value.getName());
    }

    private static JsonNode text(Object value) {
        return NODES.textNode(value.toString());
    }

    private static JsonNode special(Message message) {
        try {
            return MAPPER.readTree(WELL_KNOWN.print(message));
        } catch (InvalidProtocolBufferException e) {
            return plain(message); // an Any of a type nobody here knows, or a time outside its range
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("protobuf wrote JSON that cannot be read", e);
        }
    }
}
