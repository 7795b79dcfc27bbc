package io.penstock.contract.evolution;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.Locale;

/** A field's type, cardinality and place, in the words of a {@code .proto} file. */
final class FieldForm {
    private FieldForm() {}

    /** How many values a field has, as far as bytes and JSON tell it. */
    enum Cardinality {
        SINGLE,
        REQUIRED,
        REPEATED,
        MAP;

        static Cardinality of(FieldDescriptor field) {
            if (field.isMapField()) {
                return MAP;
            }
            if (field.isRepeated()) {
                return REPEATED;
            }
            return field.isRequired() ? REQUIRED : SINGLE;
        }

        @Override
        public String toString() {
            return this == MAP ? "a map" : name().toLowerCase(Locale.ROOT);
        }
    }

    static String typeName(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case MESSAGE -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
                field.getType().name().toLowerCase(Locale.ROOT);
        };
    }

    static String oneof(FieldDescriptor field) {
        OneofDescriptor oneof = field.getRealContainingOneof();
        return oneof == null ? "no oneof" : "the oneof " + oneof.getName();
    }

    /** The types that bytes and JSON do not tell apart have one; signed and unsigned ones do not differ there. */
    static FieldDescriptor.Type unsignedAsSigned(FieldDescriptor.Type type) {
        return switch (type) {
            case UINT32 -> FieldDescriptor.Type.INT32;
            case UINT64 -> FieldDescriptor.Type.INT64;
            case FIXED32 -> FieldDescriptor.Type.SFIXED32;
            case FIXED64 -> FieldDescriptor.Type.SFIXED64;
            case DOUBLE,
                    FLOAT,
                    INT64,
                    INT32,
                    BOOL,
                    STRING,
                    GROUP,
                    MESSAGE,
                    BYTES,
                    ENUM,
                    SFIXED32,
                    SFIXED64,
                    SINT32,
                    SINT64 -> type;
        };
    }
}
