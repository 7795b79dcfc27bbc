package io.penstock.contract.evolution;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.penstock.contract.evolution.FieldForm.Cardinality;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.FieldRules;
import io.penstock.contract.v1.Sensitivity;
import java.util.Locale;

/** Compares two fields of one number. */
record FieldComparison(Findings findings) {
    /** Leads from a field's descriptor to our option. */
    private static final int[] FIELD_OPTION = {
        FieldDescriptorProto.OPTIONS_FIELD_NUMBER,
        ContractProto.field.getDescriptor().getNumber()
    };

    void compare(FieldDescriptor before, FieldDescriptor after) {
        compareNames(before, after);
        Cardinality cardinality = Cardinality.of(before);
        if (cardinality != Cardinality.of(after)) {
            findings.add(
                    EvolutionRule.FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY,
                    after,
                    "was " + cardinality + " and is " + Cardinality.of(after));
        }
        compareTypes(before, after);
        if (!FieldForm.oneof(before).equals(FieldForm.oneof(after))) {
            findings.add(
                    EvolutionRule.FIELD_SAME_ONEOF,
                    after,
                    "was in " + FieldForm.oneof(before) + " and is in " + FieldForm.oneof(after));
        }
        if (isSingleScalar(before) && isSingleScalar(after)) {
            compareDefaults(before, after);
            comparePresence(before, after);
        }
        compareMeaning(before, after);
    }

    private void compareNames(FieldDescriptor before, FieldDescriptor after) {
        if (!before.getName().equals(after.getName())) {
            findings.add(EvolutionRule.FIELD_SAME_NAME, after, "(" + after.getNumber() + ") was " + before.getName());
        }
        if (!before.getJsonName().equals(after.getJsonName())) {
            findings.add(
                    EvolutionRule.FIELD_SAME_JSON_NAME,
                    after,
                    "had the json_name '" + before.getJsonName() + "' and has '" + after.getJsonName() + "'");
        }
    }

    private void compareTypes(FieldDescriptor before, FieldDescriptor after) {
        String change = "was of type " + FieldForm.typeName(before) + " and is of type " + FieldForm.typeName(after);
        if (FieldForm.unsignedAsSigned(before.getType()) != FieldForm.unsignedAsSigned(after.getType())) {
            findings.add(EvolutionRule.FIELD_WIRE_JSON_COMPATIBLE_TYPE, after, change);
        } else if (before.getType() != after.getType()) {
            findings.add(EvolutionRule.PENSTOCK_FIELD_SAME_SIGN, after, change);
        } else if (before.getJavaType() == JavaType.MESSAGE
                && !FieldForm.typeName(before).equals(FieldForm.typeName(after))) {
            findings.add(EvolutionRule.FIELD_WIRE_JSON_COMPATIBLE_TYPE, after, change);
        } else if (before.getJavaType() == JavaType.ENUM
                && !FieldForm.typeName(before).equals(FieldForm.typeName(after))) {
            if (stillReads(before.getEnumType(), after.getEnumType())) {
                EnumComparison.compareReading(before.getEnumType(), after.getEnumType(), findings);
            } else {
                findings.add(EvolutionRule.FIELD_WIRE_JSON_COMPATIBLE_TYPE, after, change);
            }
        }
    }

    /** Whether the enum only moved: its short name and all its values are those of the other. */
    private static boolean stillReads(EnumDescriptor before, EnumDescriptor after) {
        if (!before.getName().equals(after.getName())) {
            return false;
        }
        for (EnumValueDescriptor value : before.getValues()) {
            EnumValueDescriptor namesake = after.findValueByName(value.getName());
            if (namesake == null || namesake.getNumber() != value.getNumber()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSingleScalar(FieldDescriptor field) {
        return !field.isRepeated() && field.getJavaType() != JavaType.MESSAGE;
    }

    private void compareDefaults(FieldDescriptor before, FieldDescriptor after) {
        if (before.getJavaType() != after.getJavaType()) {
            return;
        }
        Object defaultBefore = comparable(before.getDefaultValue());
        Object defaultAfter = comparable(after.getDefaultValue());
        if (!defaultBefore.equals(defaultAfter)) {
            findings.add(EvolutionRule.FIELD_SAME_DEFAULT, after, "has another default value");
        }
    }

    private static Object comparable(Object value) {
        return value instanceof EnumValueDescriptor constant ? constant.getNumber() : value;
    }

    private void comparePresence(FieldDescriptor before, FieldDescriptor after) {
        boolean inOneof = before.getRealContainingOneof() != null || after.getRealContainingOneof() != null;
        boolean required = before.isRequired() || after.isRequired();
        if (!inOneof && !required && before.hasPresence() != after.hasPresence()) {
            findings.add(
                    EvolutionRule.PENSTOCK_FIELD_SAME_PRESENCE,
                    after,
                    before.hasPresence() ? "was optional and is not" : "was not optional and is");
        }
    }

    private void compareMeaning(FieldDescriptor before, FieldDescriptor after) {
        FieldRules rulesBefore = before.getOptions().getExtension(ContractProto.field);
        FieldRules rulesAfter = after.getOptions().getExtension(ContractProto.field);
        boolean sameUnit =
                rulesBefore.getUnit().isEmpty() || rulesBefore.getUnit().equals(rulesAfter.getUnit());
        if (!sameUnit) {
            findings.add(
                    EvolutionRule.PENSTOCK_FIELD_SAME_UNIT,
                    after,
                    "had the unit '" + rulesBefore.getUnit() + "' and has '" + rulesAfter.getUnit() + "'",
                    FIELD_OPTION);
        }
        if (level(rulesAfter.getSensitivity()) < level(rulesBefore.getSensitivity())) {
            findings.add(
                    EvolutionRule.PENSTOCK_FIELD_SENSITIVITY_NOT_LOOSENED,
                    after,
                    "was " + text(rulesBefore.getSensitivity()) + " and is " + text(rulesAfter.getSensitivity()),
                    FIELD_OPTION);
        }
    }

    /** What is not said is internal; what is not known is taken for the most careful. */
    private static int level(Sensitivity sensitivity) {
        return switch (sensitivity) {
            case SENSITIVITY_PUBLIC -> 0;
            case SENSITIVITY_UNSPECIFIED, SENSITIVITY_INTERNAL -> 1;
            case SENSITIVITY_PERSONAL -> 2;
            case SENSITIVITY_SECRET, UNRECOGNIZED -> 3;
        };
    }

    private static String text(Sensitivity sensitivity) {
        return sensitivity == Sensitivity.SENSITIVITY_UNSPECIFIED
                ? "internal (not said)"
                : sensitivity.name().replace("SENSITIVITY_", "").toLowerCase(Locale.ROOT);
    }
}
