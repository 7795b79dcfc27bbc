package io.penstock.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Locale;

/** How a field's type is written in a {@code .proto} file. */
final class FieldTypes {
    private FieldTypes() {}

    static String name(FieldDescriptor field) {
        return switch (field.getType()) {
            case MESSAGE, GROUP -> field.getMessageType().getFullName();
            case ENUM -> field.getEnumType().getFullName();
            case DOUBLE,
                    FLOAT,
                    INT64,
                    UINT64,
                    INT32,
                    FIXED64,
                    FIXED32,
                    BOOL,
                    STRING,
                    BYTES,
                    UINT32,
                    SFIXED32,
                    SFIXED64,
                    SINT32,
                    SINT64 -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    }
}
