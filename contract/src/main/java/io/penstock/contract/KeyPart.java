package io.penstock.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import org.jspecify.annotations.Nullable;

/** How the value of one key field is written: integers in decimal, strings as they are. */
enum KeyPart {
    STRING {
        @Override
        @Nullable
        String encode(Object value) {
            return value instanceof String text ? text : null;
        }

        @Override
        Object decode(String text) {
            return text;
        }
    },
    SIGNED_32 {
        @Override
        @Nullable
        String encode(Object value) {
            boolean fits = value instanceof Integer || (value instanceof Long number && number == number.intValue());
            return fits ? value.toString() : null;
        }

        @Override
        Object decode(String text) {
            return Integer.valueOf(text);
        }
    },
    SIGNED_64 {
        @Override
        @Nullable
        String encode(Object value) {
            return value instanceof Long || value instanceof Integer ? value.toString() : null;
        }

        @Override
        Object decode(String text) {
            return Long.valueOf(text);
        }
    },
    UNSIGNED_32 {
        @Override
        @Nullable
        String encode(Object value) {
            if (value instanceof Integer bits) {
                return Integer.toUnsignedString(bits);
            }
            return value instanceof Long number && number >= 0 && number <= 0xFFFF_FFFFL ? number.toString() : null;
        }

        @Override
        Object decode(String text) {
            return Integer.parseUnsignedInt(text);
        }
    },
    UNSIGNED_64 {
        @Override
        @Nullable
        String encode(Object value) {
            if (value instanceof Long bits) {
                return Long.toUnsignedString(bits);
            }
            return value instanceof Integer number && number >= 0 ? number.toString() : null;
        }

        @Override
        Object decode(String text) {
            return Long.parseUnsignedLong(text);
        }
    };

    static boolean supports(FieldDescriptor.Type type) {
        return ofNullable(type) != null;
    }

    static KeyPart of(FieldDescriptor.Type type) {
        KeyPart part = ofNullable(type);
        if (part == null) {
            throw new IllegalArgumentException("key field type: " + type + " (expected: a string or an integer)");
        }
        return part;
    }

    private static @Nullable KeyPart ofNullable(FieldDescriptor.Type type) {
        return switch (type) {
            case STRING -> STRING;
            case INT32, SINT32, SFIXED32 -> SIGNED_32;
            case INT64, SINT64, SFIXED64 -> SIGNED_64;
            case UINT32, FIXED32 -> UNSIGNED_32;
            case UINT64, FIXED64 -> UNSIGNED_64;
            case FLOAT, DOUBLE, BOOL, BYTES, ENUM, MESSAGE, GROUP -> null;
        };
    }

    /** The part's text, or null if the value is not one of this type. */
    abstract @Nullable String encode(Object value);

    /**
     * The value as protobuf's Java classes hold it; of several texts that mean one number only the shortest is the
     * encoding, which the caller checks.
     *
     * @throws NumberFormatException if it is none
     */
    abstract Object decode(String text);
}
