package io.penstock.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.penstock.contract.Finding.Rule;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Compares two messages with every message and enum they reach, each once, so that recursive ones end. */
final class TypeComparison {
    private final List<Finding> findings;
    private final Set<String> seen = new HashSet<>();
    private final Deque<Pair> open = new ArrayDeque<>();

    TypeComparison(List<Finding> findings) {
        this.findings = findings;
    }

    void compare(Descriptor before, Descriptor after) {
        reach(before, after);
        while (!open.isEmpty()) {
            Pair pair = open.pop();
            compareFields(pair.before, pair.after);
        }
    }

    private void reach(Descriptor before, Descriptor after) {
        if (seen.add(before.getFullName())) {
            open.add(new Pair(before, after));
        }
    }

    private void compareFields(Descriptor before, Descriptor after) {
        for (FieldDescriptor field : before.getFields()) {
            FieldDescriptor successor = after.findFieldByNumber(field.getNumber());
            if (successor == null) {
                find(
                        Rule.FIELD_REMOVED,
                        field.getFullName(),
                        "field " + field.getNumber() + " is gone",
                        "keep the field and mark it deprecated");
            } else {
                compare(field, successor);
            }
        }
        for (FieldDescriptor field : after.getFields()) {
            if (before.findFieldByNumber(field.getNumber()) == null) {
                checkAdded(before, field);
            }
        }
    }

    private void checkAdded(Descriptor before, FieldDescriptor field) {
        if (before.isReservedNumber(field.getNumber()) || before.isReservedName(field.getName())) {
            find(
                    Rule.FIELD_ADDED_UNSAFELY,
                    field.getFullName(),
                    "its number " + field.getNumber() + " or its name was reserved",
                    "take a number and a name that were never used");
        }
        if (field.isRequired()) {
            find(
                    Rule.FIELD_ADDED_UNSAFELY,
                    field.getFullName(),
                    "it is required, and rows written before do not have it",
                    "make it optional");
        }
    }

    private void compare(FieldDescriptor before, FieldDescriptor after) {
        if (!before.getName().equals(after.getName())) {
            find(Rule.FIELD_RENAMED, before.getFullName(), "became " + after.getName(), "keep the name");
        } else if (!before.getJsonName().equals(after.getJsonName())) {
            find(
                    Rule.FIELD_RENAMED,
                    before.getFullName(),
                    "json_name was '" + before.getJsonName() + "' and is '" + after.getJsonName() + "'",
                    "keep the name");
        }
        if (!shape(before).equals(shape(after))) {
            find(
                    Rule.FIELD_TYPE_CHANGED,
                    before.getFullName(),
                    "was " + shape(before) + " and is " + shape(after),
                    "keep the type and add another field beside it");
            return;
        }
        if (!oneofName(before).equals(oneofName(after))) {
            find(
                    Rule.FIELD_ONEOF_CHANGED,
                    before.getFullName(),
                    "was in " + oneofName(before) + " and is in " + oneofName(after),
                    "leave the field where it is");
        }
        switch (before.getJavaType()) {
            case MESSAGE -> reach(before.getMessageType(), after.getMessageType());
            case ENUM -> compare(before.getEnumType(), after.getEnumType());
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING -> {}
        }
    }

    /** All of a field that decides how its bytes are read, in the words of a {@code .proto} file. */
    private static String shape(FieldDescriptor field) {
        StringBuilder shape = new StringBuilder();
        if (field.isRequired()) {
            shape.append("required ");
        } else if (field.isRepeated()) {
            shape.append(field.isPacked() ? "packed repeated " : "repeated ");
        } else if (field.hasPresence()
                && field.getRealContainingOneof() == null
                && field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            shape.append("optional ");
        }
        if (field.getType() == FieldDescriptor.Type.GROUP) {
            shape.append("group ");
        }
        shape.append(FieldTypes.name(field));
        String defaultValue = field.toProto().getDefaultValue();
        return (defaultValue.isEmpty() ? shape : shape.append(" with default ").append(defaultValue)).toString();
    }

    private static String oneofName(FieldDescriptor field) {
        OneofDescriptor oneof = field.getRealContainingOneof();
        return oneof == null ? "no oneof" : "oneof " + oneof.getName();
    }

    private void compare(EnumDescriptor before, EnumDescriptor after) {
        if (!seen.add(before.getFullName())) {
            return;
        }
        if (before.isClosed() != after.isClosed()) {
            find(
                    Rule.FIELD_TYPE_CHANGED,
                    before.getFullName(),
                    before.isClosed() ? "was a closed enum and is open" : "was an open enum and is closed",
                    "keep the syntax of its file");
        }
        for (EnumValueDescriptor value : before.getValues()) {
            compare(value, after);
        }
        for (EnumValueDescriptor value : after.getValues()) {
            checkAdded(before, value);
        }
    }

    private void compare(EnumValueDescriptor before, EnumDescriptor after) {
        EnumValueDescriptor namesake = after.findValueByName(before.getName());
        EnumValueDescriptor successor = after.findValueByNumber(before.getNumber());
        if (successor == null || (namesake != null && namesake.getNumber() != before.getNumber())) {
            find(
                    Rule.ENUM_VALUE_REMOVED,
                    before.getFullName(),
                    "number " + before.getNumber()
                            + (successor == null ? " is gone" : " became " + successor.getName()),
                    "keep the value and mark it deprecated");
            return;
        }
        boolean first = before.getType().findValueByNumber(before.getNumber()).equals(before);
        if (namesake == null || (first && !successor.getName().equals(before.getName()))) {
            find(
                    Rule.ENUM_VALUE_RENAMED,
                    before.getFullName(),
                    "JSON calls " + before.getNumber() + " " + successor.getName(),
                    "keep the name; others for the same number (allow_alias) go below it");
        }
    }

    private void checkAdded(EnumDescriptor before, EnumValueDescriptor value) {
        if (before.findValueByName(value.getName()) != null) {
            return;
        }
        boolean newNumber = before.findValueByNumber(value.getNumber()) == null;
        if (newNumber && before.isClosed()) {
            find(
                    Rule.ENUM_VALUE_ADDED_UNSAFELY,
                    value.getFullName(),
                    "the enum is closed: readers built before would see its default instead",
                    "declare the enum in a proto3 file");
        }
        if (before.isReservedNumber(value.getNumber()) || before.isReservedName(value.getName())) {
            find(
                    Rule.ENUM_VALUE_ADDED_UNSAFELY,
                    value.getFullName(),
                    "its number " + value.getNumber() + " or its name was reserved",
                    "take a number and a name that were never used");
        }
    }

    private void find(Rule rule, String element, String message, String remedy) {
        findings.add(new Finding(rule, element, message, remedy + ", or " + ContractEvolution.NEW_MAJOR));
    }

    private record Pair(Descriptor before, Descriptor after) {}
}
