package io.penstock.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.v1.FieldRules;

/** What {@code min} and {@code max} leave of a number type. */
final class NumberRange {
    private NumberRange() {}

    static boolean isNumber(FieldDescriptor.Type type) {
        return switch (type) {
            case INT32, SINT32, SFIXED32, INT64, SINT64, SFIXED64, UINT32, FIXED32, UINT64, FIXED64, FLOAT, DOUBLE ->
                true;
            case BOOL, STRING, BYTES, ENUM, MESSAGE, GROUP -> false;
        };
    }

    /** Whether no value of the type passes, or a bound is not a finite number. */
    static boolean isEmpty(FieldDescriptor.Type type, FieldRules rules) {
        double min = rules.hasMin() ? rules.getMin() : smallest(type);
        double max = rules.hasMax() ? rules.getMax() : largest(type);
        if (!Double.isFinite(min) || !Double.isFinite(max)) {
            return true;
        }
        boolean integer = type != FieldDescriptor.Type.FLOAT && type != FieldDescriptor.Type.DOUBLE;
        double lowest = Math.max(integer ? Math.ceil(min) : min, smallest(type));
        double highest = Math.min(integer ? Math.floor(max) : max, largest(type));
        return lowest > highest;
    }

    private static double smallest(FieldDescriptor.Type type) {
        return switch (type) {
            case INT32, SINT32, SFIXED32 -> Integer.MIN_VALUE;
            case INT64, SINT64, SFIXED64 -> Long.MIN_VALUE;
            case FLOAT -> -Float.MAX_VALUE;
            case DOUBLE -> -Double.MAX_VALUE;
            case UINT32, FIXED32, UINT64, FIXED64, BOOL, STRING, BYTES, ENUM, MESSAGE, GROUP -> 0;
        };
    }

    private static double largest(FieldDescriptor.Type type) {
        return switch (type) {
            case INT32, SINT32, SFIXED32 -> Integer.MAX_VALUE;
            case INT64, SINT64, SFIXED64 -> Long.MAX_VALUE;
            case UINT32, FIXED32 -> 0xFFFF_FFFFL;
            case UINT64, FIXED64 -> 0x1p64;
            case FLOAT -> Float.MAX_VALUE;
            case DOUBLE -> Double.MAX_VALUE;
            case BOOL, STRING, BYTES, ENUM, MESSAGE, GROUP -> 0;
        };
    }
}
