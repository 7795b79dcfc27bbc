package io.penstock.publisher.guardrail;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every guardrail: those that are always on, and those for which a limit is declared. */
public final class GuardrailChecks {
    /** The names of all of them; what an override may name. */
    public static final Set<String> NAMES = Set.of(
            DefaultChecks.HISTORY_READABLE,
            DefaultChecks.ROWS_PRESENT,
            DefaultChecks.ROW_COUNT_CHANGE,
            DefaultChecks.NULL_RATE,
            DefaultChecks.DATA_AS_OF,
            DeclaredChecks.ROWS_UPDATED,
            DeclaredChecks.ROWS_REMOVED,
            DeclaredChecks.ROWS_CHANGED,
            DeclaredChecks.ROW_SIZE_GROWTH,
            DeclaredChecks.DATA_AGE,
            FieldChecks.BLANK_RATE,
            FieldChecks.DISTINCT_COUNT,
            FieldChecks.RANGE,
            FieldChecks.MEAN_SHIFT,
            CanaryCheck.NAME);

    private GuardrailChecks() {}

    public static List<Check> of(Candidate candidate, Guardrails limits) {
        List<Check> checks = new ArrayList<>(DefaultChecks.of(candidate, limits));
        checks.addAll(DeclaredChecks.of(candidate, limits));
        checks.addAll(FieldChecks.of(candidate, limits));
        if (!limits.canaries().isEmpty()) {
            checks.add(new CanaryCheck(candidate, limits.canaries()));
        }
        return checks;
    }

    /**
     * Returns if the contract has every field that a limit is declared for, of a type the limit makes sense for.
     *
     * @throws IllegalArgumentException naming check and field
     */
    public static void requirePossible(Guardrails limits, Descriptor message) {
        for (Map.Entry<String, FieldLimits> declared : limits.fields().entrySet()) {
            FieldDescriptor field = message.findFieldByName(declared.getKey());
            FieldLimits limit = declared.getValue();
            if (field == null) {
                throw new IllegalArgumentException(
                        "checks: " + declared.getKey() + " is no field of " + message.getFullName());
            }
            require(limit.limitsBlankRate(), FieldChecks.BLANK_RATE, field, isText(field), "a text");
            require(limit.limitsDistinct(), FieldChecks.DISTINCT_COUNT, field, !field.isRepeated(), "not repeated");
            require(limit.limitsRange(), FieldChecks.RANGE, field, isNumber(field), "a number");
            require(limit.limitsMeanShift(), FieldChecks.MEAN_SHIFT, field, isNumber(field), "a number");
        }
        CanaryCheck.requirePossible(limits.canaries(), message);
    }

    private static void require(
            boolean declared, String check, FieldDescriptor field, boolean possible, String expected) {
        if (declared && !possible) {
            throw new IllegalArgumentException(check + ": " + field.getFullName()
                    + " cannot be checked (expected: a field that is " + expected + ")");
        }
    }

    private static boolean isText(FieldDescriptor field) {
        return !field.isRepeated() && field.getJavaType() == JavaType.STRING;
    }

    private static boolean isNumber(FieldDescriptor field) {
        return !field.isRepeated()
                && switch (field.getJavaType()) {
                    case INT, LONG, FLOAT, DOUBLE -> true;
                    case BOOLEAN, STRING, BYTE_STRING, ENUM, MESSAGE -> false;
                };
    }
}
