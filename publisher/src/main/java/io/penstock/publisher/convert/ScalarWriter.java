package io.penstock.publisher.convert;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;

/** Writes converted scalars; see {@link ScalarConversion#convert} for their classes. */
final class ScalarWriter {
    private ScalarWriter() {}

    /** Whether proto3 leaves the value out of a field without presence. */
    static boolean isDefault(Object converted) {
        if (converted instanceof Double number) {
            return Double.doubleToRawLongBits(number) == 0;
        }
        if (converted instanceof Float number) {
            return Float.floatToRawIntBits(number) == 0;
        }
        if (converted instanceof Number number) {
            return number.longValue() == 0;
        }
        if (converted instanceof String text) {
            return text.isEmpty();
        }
        return converted instanceof byte[] bytes ? bytes.length == 0 : converted.equals(false);
    }

    static void write(CodedOutputStream out, FieldDescriptor field, Object converted) throws IOException {
        int number = field.getNumber();
        switch (field.getType()) {
            case INT32 -> out.writeInt32(number, (Integer) converted);
            case SINT32 -> out.writeSInt32(number, (Integer) converted);
            case SFIXED32 -> out.writeSFixed32(number, (Integer) converted);
            case UINT32 -> out.writeUInt32(number, (Integer) converted);
            case FIXED32 -> out.writeFixed32(number, (Integer) converted);
            case INT64 -> out.writeInt64(number, (Long) converted);
            case SINT64 -> out.writeSInt64(number, (Long) converted);
            case SFIXED64 -> out.writeSFixed64(number, (Long) converted);
            case UINT64 -> out.writeUInt64(number, (Long) converted);
            case FIXED64 -> out.writeFixed64(number, (Long) converted);
            case DOUBLE -> out.writeDouble(number, (Double) converted);
            case FLOAT -> out.writeFloat(number, (Float) converted);
            case BOOL -> out.writeBool(number, (Boolean) converted);
            case STRING -> out.writeString(number, (String) converted);
            case BYTES -> out.writeByteArray(number, (byte[]) converted);
            case ENUM -> out.writeEnum(number, (Integer) converted);
            case MESSAGE, GROUP -> throw notScalar(field);
        }
    }

    /** Writes an element of a packed field. */
    static void writeNoTag(CodedOutputStream out, FieldDescriptor field, Object converted) throws IOException {
        switch (field.getType()) {
            case INT32 -> out.writeInt32NoTag((Integer) converted);
            case SINT32 -> out.writeSInt32NoTag((Integer) converted);
            case SFIXED32 -> out.writeSFixed32NoTag((Integer) converted);
            case UINT32 -> out.writeUInt32NoTag((Integer) converted);
            case FIXED32 -> out.writeFixed32NoTag((Integer) converted);
            case INT64 -> out.writeInt64NoTag((Long) converted);
            case SINT64 -> out.writeSInt64NoTag((Long) converted);
            case SFIXED64 -> out.writeSFixed64NoTag((Long) converted);
            case UINT64 -> out.writeUInt64NoTag((Long) converted);
            case FIXED64 -> out.writeFixed64NoTag((Long) converted);
            case DOUBLE -> out.writeDoubleNoTag((Double) converted);
            case FLOAT -> out.writeFloatNoTag((Float) converted);
            case BOOL -> out.writeBoolNoTag((Boolean) converted);
            case ENUM -> out.writeEnumNoTag((Integer) converted);
            case STRING, BYTES, MESSAGE, GROUP -> throw notScalar(field);
        }
    }

    private static IllegalArgumentException notScalar(FieldDescriptor field) {
        return new IllegalArgumentException("field: " + field.getFullName() + " (expected: another type)");
    }
}
