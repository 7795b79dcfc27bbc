package io.penstock.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.ContractException.Code;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.FieldRules;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Checks the {@code field} options of a contract. */
record FieldRulesCheck(RefusalPlace place) {
    /** What publications hold every row against. */
    private static final Set<Integer> ROW_RULES = Set.of(
            FieldRules.KEY_FIELD_NUMBER,
            FieldRules.MIN_FIELD_NUMBER,
            FieldRules.MAX_FIELD_NUMBER,
            FieldRules.NOT_NULL_FIELD_NUMBER,
            FieldRules.NOT_BLANK_FIELD_NUMBER,
            FieldRules.UNIQUE_FIELD_NUMBER,
            FieldRules.PATTERN_FIELD_NUMBER);

    /** The key fields in the order of their numbers. */
    static List<FieldDescriptor> keyFields(Descriptor message) {
        return message.getFields().stream()
                .filter(field -> rules(field).getKey())
                .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
                .toList();
    }

    void check(Descriptor message) {
        FieldPromiseCheck promises = new FieldPromiseCheck(place);
        for (FieldDescriptor field : message.getFields()) {
            FieldRules rules = rules(field);
            if (rules.getKey()) {
                checkKey(field);
            }
            if (rules.hasMin() || rules.hasMax()) {
                checkRange(field, rules);
            }
            promises.check(field, rules);
        }
        if (keyFields(message).isEmpty()) {
            throw new ContractException(
                    Code.NO_KEY,
                    place.of(message)
                            + ": no field is the key (expected: at least one with"
                            + " [(penstock.contract.v1.field) = { key: true }])");
        }
        checkNested(message);
    }

    private void checkKey(FieldDescriptor field) {
        if (field.isRepeated()) {
            throw invalidKey(field, "is repeated");
        }
        if (field.getRealContainingOneof() != null) {
            throw invalidKey(
                    field, "is in the oneof " + field.getRealContainingOneof().getName());
        }
        if (!KeyPart.supports(field.getType())) {
            throw invalidKey(field, "is of type " + FieldTypes.name(field));
        }
        if (field.hasPresence()) {
            throw invalidKey(field, "is optional");
        }
    }

    private ContractException invalidKey(FieldDescriptor field, String found) {
        return new ContractException(
                Code.INVALID_KEY_FIELD,
                place.of(field) + ": option (penstock.contract.v1.field).key: the field " + found
                        + " (expected: a plain string or integer, not repeated, not optional, in no oneof)");
    }

    private void checkRange(FieldDescriptor field, FieldRules rules) {
        if (field.isRepeated() || !NumberRange.isNumber(field.getType())) {
            throw new ContractException(
                    Code.INVALID_RANGE,
                    place.of(field) + ": option (penstock.contract.v1.field)." + (rules.hasMin() ? "min" : "max")
                            + ": the field is "
                            + (field.isRepeated() ? "repeated" : "of type " + FieldTypes.name(field))
                            + " (expected: a single number)");
        }
        String range = "min: " + (rules.hasMin() ? rules.getMin() : "none") + ", max: "
                + (rules.hasMax() ? rules.getMax() : "none");
        if (NumberRange.isEmpty(field.getType(), rules)) {
            throw new ContractException(
                    Code.INVALID_RANGE,
                    place.of(field) + ": option (penstock.contract.v1.field): " + range
                            + " (expected: finite numbers with a value of type " + FieldTypes.name(field)
                            + " between them)");
        }
    }

    /** A rule that looks like a promise and does nothing is worse than none. */
    private void checkNested(Descriptor message) {
        Set<String> seen = new HashSet<>(Set.of(message.getFullName()));
        Deque<Descriptor> open = new ArrayDeque<>(List.of(message));
        while (!open.isEmpty()) {
            for (Descriptor nested : messagesIn(open.pop())) {
                if (!seen.add(nested.getFullName())) {
                    continue;
                }
                open.push(nested);
                // A message that is a contract of its own has rules that are in force elsewhere.
                if (!nested.getOptions().hasExtension(ContractProto.dataProduct)) {
                    nested.getFields().forEach(this::checkNested);
                }
            }
        }
    }

    private static List<Descriptor> messagesIn(Descriptor message) {
        List<Descriptor> messages = new ArrayList<>();
        for (FieldDescriptor field : message.getFields()) {
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                messages.add(field.getMessageType());
            }
        }
        return messages;
    }

    private void checkNested(FieldDescriptor field) {
        FieldRules rules = rules(field);
        for (FieldDescriptor rule : rules.getAllFields().keySet()) {
            if (ROW_RULES.contains(rule.getNumber())) {
                throw new ContractException(
                        Code.MISPLACED_RULE,
                        place.of(field) + ": option (penstock.contract.v1.field)." + rule.getName()
                                + ": has no effect inside a nested message (expected: on fields of the contract only)");
            }
        }
        new FieldPromiseCheck(place).check(field, rules);
    }

    private static FieldRules rules(FieldDescriptor field) {
        return field.getOptions().getExtension(ContractProto.field);
    }
}
