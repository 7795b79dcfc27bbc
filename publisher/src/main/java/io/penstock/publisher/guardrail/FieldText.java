package io.penstock.publisher.guardrail;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** Values of fields as somebody writes them down in a publication file, to be compared with those of a row. */
final class FieldText {
    private static final String TIMESTAMP = "google.protobuf.Timestamp";

    private FieldText() {}

    /**
     * Returns if the text could be a value of the field.
     *
     * @throws IllegalArgumentException beginning with {@code where}
     */
    static void requireReadable(FieldDescriptor field, String text, String where) {
        String expected = expected(field);
        if (expected == null) {
            throw new IllegalArgumentException(where + ": a value of this type cannot be expected (expected: a text, a"
                    + " number, a bool, an enum value or a timestamp)");
        }
        try {
            var unused = parse(field, text);
        } catch (IllegalArgumentException | ParseException e) {
            throw new IllegalArgumentException(where + ": '" + text + "' (expected: " + expected + ")", e);
        }
    }

    private static Object parse(FieldDescriptor field, String text) throws ParseException {
        return switch (field.getJavaType()) {
            case INT, LONG -> new BigInteger(text);
            case FLOAT, DOUBLE -> new BigDecimal(text);
            case BOOLEAN -> bool(text);
            case ENUM -> enumValue(field, text);
            case MESSAGE -> Timestamps.parse(text);
            case STRING, BYTE_STRING -> text;
        };
    }

    private static @Nullable String expected(FieldDescriptor field) {
        if (field.isRepeated()) {
            return null;
        }
        return switch (field.getJavaType()) {
            case INT, LONG -> "a whole number";
            case FLOAT, DOUBLE -> "a number";
            case BOOLEAN -> "true or false";
            case ENUM -> "a value of " + field.getEnumType().getFullName();
            case MESSAGE ->
                field.getMessageType().getFullName().equals(TIMESTAMP) ? "a time such as 2026-03-01T00:00:00Z" : null;
            case STRING -> "a text";
            case BYTE_STRING -> null;
        };
    }

    private static boolean bool(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException(text);
        }
        return text.equals("true");
    }

    private static EnumValueDescriptor enumValue(FieldDescriptor field, String text) {
        EnumValueDescriptor value = field.getEnumType().findValueByName(text);
        if (value == null) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }

    /** Whether a row's value is the one written down. */
    static boolean matches(FieldDescriptor field, Object value, String text) {
        return switch (field.getType()) {
            case UINT32, FIXED32 ->
                new BigInteger(text).equals(BigInteger.valueOf(Integer.toUnsignedLong((int) value)));
            case UINT64, FIXED64 -> new BigInteger(text).equals(new BigInteger(Long.toUnsignedString((long) value)));
            case INT32, SINT32, SFIXED32, INT64, SINT64, SFIXED64 ->
                new BigInteger(text).equals(BigInteger.valueOf(((Number) value).longValue()));
            case FLOAT -> Float.parseFloat(text) == (float) value;
            case DOUBLE -> Double.parseDouble(text) == (double) value;
            case BOOL -> Boolean.parseBoolean(text) == (boolean) value;
            case ENUM -> ((EnumValueDescriptor) value).getName().equals(text);
            case STRING -> value.equals(text);
            case MESSAGE -> timestamp((Message) value, text);
            case BYTES, GROUP -> false;
        };
    }

    private static boolean timestamp(Message value, String text) {
        try {
            Timestamp expected = Timestamps.parse(text);
            return expected.toByteString().equals(value.toByteString());
        } catch (ParseException e) {
            return false;
        }
    }
}
