package io.penstock.contract.evolution;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;

/** Compares two messages, but not those in them. */
record MessageComparison(Findings findings, Announcements announcements) {
    void compare(Descriptor before, Descriptor after) {
        if (JsonFormat.of(before) == JsonFormat.ALLOWED && JsonFormat.of(after) != JsonFormat.ALLOWED) {
            findings.add(EvolutionRule.MESSAGE_SAME_JSON_FORMAT, after, "supported JSON and does not");
        }
        compareReserved(before, after);
        FieldComparison fields = new FieldComparison(findings);
        for (FieldDescriptor field : before.getFields()) {
            FieldDescriptor successor = after.findFieldByNumber(field.getNumber());
            if (field.isRequired() && (successor == null || !successor.isRequired())) {
                findings.addGone(
                        EvolutionRule.MESSAGE_SAME_REQUIRED_FIELDS,
                        after,
                        after.getFullName(),
                        "does not require the field " + field.getName() + " (" + field.getNumber() + ") any more");
            }
            if (successor == null) {
                removed(field, after);
            } else {
                fields.compare(field, successor);
            }
        }
        for (FieldDescriptor field : after.getFields()) {
            FieldDescriptor predecessor = before.findFieldByNumber(field.getNumber());
            if (field.isRequired() && (predecessor == null || !predecessor.isRequired())) {
                findings.add(
                        EvolutionRule.MESSAGE_SAME_REQUIRED_FIELDS,
                        field,
                        "is required, and rows written before need not have it");
            }
        }
    }

    private void removed(FieldDescriptor field, Descriptor after) {
        String gone = "(" + field.getNumber() + ") is gone";
        if (!announcements.has(field)) {
            findings.addGone(
                    EvolutionRule.PENSTOCK_FIELD_NO_DELETE_UNLESS_DEPRECATED,
                    after,
                    field.getFullName(),
                    gone + " and was not deprecated");
        }
        if (!after.isReservedNumber(field.getNumber())) {
            findings.addGone(
                    EvolutionRule.FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED,
                    after,
                    field.getFullName(),
                    gone + " and its number is not reserved");
        }
        if (!after.isReservedName(field.getName())) {
            findings.addGone(
                    EvolutionRule.FIELD_NO_DELETE_UNLESS_NAME_RESERVED,
                    after,
                    field.getFullName(),
                    gone + " and its name is not reserved");
        }
    }

    private void compareReserved(Descriptor before, Descriptor after) {
        List<NumberSpan> kept = spans(after.toProto());
        for (NumberSpan span : spans(before.toProto())) {
            for (NumberSpan missing : span.without(kept)) {
                findings.add(
                        EvolutionRule.RESERVED_MESSAGE_NO_DELETE, after, "does not reserve " + missing + " any more");
            }
        }
        for (String name : before.toProto().getReservedNameList()) {
            if (!after.isReservedName(name)) {
                findings.add(
                        EvolutionRule.RESERVED_MESSAGE_NO_DELETE,
                        after,
                        "does not reserve the name " + name + " any more");
            }
        }
    }

    private static List<NumberSpan> spans(DescriptorProto message) {
        return message.getReservedRangeList().stream()
                .map((ReservedRange range) -> new NumberSpan(range.getStart(), range.getEnd() - 1L))
                .toList();
    }
}
