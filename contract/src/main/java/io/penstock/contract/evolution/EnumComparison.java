package io.penstock.contract.evolution;

import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto.EnumReservedRange;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compares two enums. */
record EnumComparison(Findings findings, Announcements announcements) {
    void compare(EnumDescriptor before, EnumDescriptor after) {
        if (JsonFormat.of(before) == JsonFormat.ALLOWED && JsonFormat.of(after) != JsonFormat.ALLOWED) {
            findings.add(EvolutionRule.ENUM_SAME_JSON_FORMAT, after, "supported JSON and does not");
        }
        compareReserved(before, after);
        Set<Integer> seen = new LinkedHashSet<>();
        for (EnumValueDescriptor value : before.getValues()) {
            EnumValueDescriptor successor = after.findValueByNumber(value.getNumber());
            if (successor == null) {
                removed(value, after);
            } else if (seen.add(value.getNumber())) {
                compareNames(value, successor);
            }
        }
        compareReading(before, after, findings);
    }

    /** What readers of either enum would misread in the other, also when it only moved. */
    static void compareReading(EnumDescriptor before, EnumDescriptor after, Findings findings) {
        if (before.isClosed() != after.isClosed()) {
            findings.add(
                    EvolutionRule.PENSTOCK_ENUM_SAME_TYPE,
                    after,
                    before.isClosed() ? "was closed and is open" : "was open and is closed");
        }
        for (EnumValueDescriptor value : after.getValues()) {
            if (before.isClosed() && before.findValueByNumber(value.getNumber()) == null) {
                findings.add(
                        EvolutionRule.PENSTOCK_ENUM_NO_ADD_TO_CLOSED,
                        value,
                        "(" + value.getNumber() + ") is new in a closed enum");
            }
        }
        Set<Integer> seen = new LinkedHashSet<>();
        for (EnumValueDescriptor value : before.getValues()) {
            EnumValueDescriptor successor = after.findValueByNumber(value.getNumber());
            boolean behind = successor != null
                    && !successor.getName().equals(value.getName())
                    && names(after, value.getNumber()).contains(value.getName());
            if (seen.add(value.getNumber()) && behind) {
                findings.add(
                        EvolutionRule.PENSTOCK_ENUM_VALUE_SAME_FIRST_NAME,
                        successor,
                        "stands before " + value.getName() + ", which JSON used for " + value.getNumber());
            }
        }
    }

    private void compareNames(EnumValueDescriptor before, EnumValueDescriptor after) {
        Set<String> namesBefore = names(before.getType(), before.getNumber());
        Set<String> namesAfter = names(after.getType(), after.getNumber());
        if (!namesAfter.containsAll(namesBefore)) {
            findings.add(
                    EvolutionRule.ENUM_VALUE_SAME_NAME,
                    after,
                    "(" + after.getNumber() + ") had the names " + namesBefore + " and has " + namesAfter);
        }
    }

    private void removed(EnumValueDescriptor value, EnumDescriptor after) {
        String gone = "(" + value.getNumber() + ") is gone";
        if (!announcements.has(value)) {
            findings.addGone(
                    EvolutionRule.PENSTOCK_ENUM_VALUE_NO_DELETE_UNLESS_DEPRECATED,
                    after,
                    value.getFullName(),
                    gone + " and was not deprecated");
        }
        if (!after.isReservedNumber(value.getNumber())) {
            findings.addGone(
                    EvolutionRule.ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED,
                    after,
                    value.getFullName(),
                    gone + " and its number is not reserved");
        }
        if (!after.isReservedName(value.getName())) {
            findings.addGone(
                    EvolutionRule.ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED,
                    after,
                    value.getFullName(),
                    gone + " and its name is not reserved");
        }
    }

    private void compareReserved(EnumDescriptor before, EnumDescriptor after) {
        List<NumberSpan> kept = spans(after.toProto());
        for (NumberSpan span : spans(before.toProto())) {
            for (NumberSpan missing : span.without(kept)) {
                findings.add(EvolutionRule.RESERVED_ENUM_NO_DELETE, after, "does not reserve " + missing + " any more");
            }
        }
        for (String name : before.toProto().getReservedNameList()) {
            if (!after.isReservedName(name)) {
                findings.add(
                        EvolutionRule.RESERVED_ENUM_NO_DELETE,
                        after,
                        "does not reserve the name " + name + " any more");
            }
        }
    }

    private static List<NumberSpan> spans(EnumDescriptorProto type) {
        return type.getReservedRangeList().stream()
                .map((EnumReservedRange range) -> new NumberSpan(range.getStart(), range.getEnd()))
                .toList();
    }

    private static Set<String> names(EnumDescriptor type, int number) {
        Set<String> names = new LinkedHashSet<>();
        for (EnumValueDescriptor value : type.getValues()) {
            if (value.getNumber() == number) {
                names.add(value.getName());
            }
        }
        return names;
    }
}
