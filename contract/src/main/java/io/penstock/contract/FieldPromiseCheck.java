package io.penstock.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.ContractException.Code;
import io.penstock.contract.v1.FieldRules;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Checks that what one {@code field} option promises can be kept by a field of its type. */
record FieldPromiseCheck(RefusalPlace place) {
    /** The most characters of a pattern, so that a person can read it. */
    static final int PATTERN_LENGTH_MAX = 1000;

    void check(FieldDescriptor field, FieldRules rules) {
        if (rules.getNotNull() && field.getRealContainingOneof() != null) {
            throw refused(
                    Code.INVALID_CHECK,
                    field,
                    "not_null",
                    "is in the oneof " + field.getRealContainingOneof().getName(),
                    "a field outside of oneofs, where all but one are NULL");
        }
        if (rules.getNotBlank() && !isText(field)) {
            throw refused(Code.INVALID_CHECK, field, "not_blank", kind(field), "a single string");
        }
        if (rules.getUnique() && !canBeUnique(field)) {
            throw refused(Code.INVALID_CHECK, field, "unique", kind(field), "a single string, integer or bytes");
        }
        if (!rules.getPattern().isEmpty()) {
            checkPattern(field, rules.getPattern());
        }
        if (!rules.getUnit().isEmpty() && !isMeasured(field)) {
            throw refused(Code.INVALID_UNIT, field, "unit", kind(field), "a number, or what holds numbers");
        }
        if (!rules.getDeprecation().isEmpty() && !field.getOptions().getDeprecated()) {
            throw refused(
                    Code.INVALID_DEPRECATION, field, "deprecation", "is not deprecated", "deprecated = true beside it");
        }
    }

    private void checkPattern(FieldDescriptor field, String pattern) {
        if (!isText(field)) {
            throw refused(Code.INVALID_PATTERN, field, "pattern", kind(field), "a single string");
        }
        if (pattern.length() > PATTERN_LENGTH_MAX) {
            throw invalidPattern(field, pattern.length() + " characters (expected: <= " + PATTERN_LENGTH_MAX + ")");
        }
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw invalidPattern(
                    field,
                    "'" + pattern + "': " + e.getDescription()
                            + (e.getIndex() < 0 ? "" : " near character " + (e.getIndex() + 1))
                            + " (expected: a regular expression in Java's syntax)");
        }
    }

    private ContractException invalidPattern(FieldDescriptor field, String found) {
        return new ContractException(
                Code.INVALID_PATTERN, place.of(field) + ": option (penstock.contract.v1.field).pattern: " + found);
    }

    private ContractException refused(Code code, FieldDescriptor field, String rule, String found, String expected) {
        return new ContractException(
                code,
                place.of(field) + ": option (penstock.contract.v1.field)." + rule + ": the field " + found
                        + " (expected: " + expected + ")");
    }

    private static String kind(FieldDescriptor field) {
        if (field.isMapField()) {
            return "is a map";
        }
        return field.isRepeated() ? "is repeated" : "is of type " + FieldTypes.name(field);
    }

    private static boolean isText(FieldDescriptor field) {
        return !field.isRepeated() && field.getType() == FieldDescriptor.Type.STRING;
    }

    private static boolean canBeUnique(FieldDescriptor field) {
        return !field.isRepeated()
                && switch (field.getJavaType()) {
                    case INT, LONG, STRING, BYTE_STRING -> true;
                    case FLOAT, DOUBLE, BOOLEAN, ENUM, MESSAGE -> false;
                };
    }

    private static boolean isMeasured(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT, LONG, FLOAT, DOUBLE, STRING, MESSAGE -> true;
            case BOOLEAN, BYTE_STRING, ENUM -> false;
        };
    }
}
