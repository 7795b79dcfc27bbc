package io.penstock.publisher.guardrail;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of keys that somebody knows: they are there, and hold what is expected. It names keys by their place in the
 * list and never shows what a row holds, because results are kept and shown.
 */
final class CanaryCheck implements Check {
    static final String NAME = "canary-keys";

    private final Candidate candidate;
    private final Map<String, Map<String, String>> expected;

    CanaryCheck(Candidate candidate, Map<String, Map<String, String>> expected) {
        this.candidate = candidate;
        this.expected = expected;
    }

    /**
     * Returns if every expectation could hold for some row of the message.
     *
     * @throws IllegalArgumentException naming canary and field
     */
    static void requirePossible(Map<String, Map<String, String>> expected, Descriptor message) {
        int place = 0;
        for (Map<String, String> fields : expected.values()) {
            place++;
            for (Map.Entry<String, String> field : fields.entrySet()) {
                FieldDescriptor named = message.findFieldByName(field.getKey());
                if (named == null) {
                    throw new IllegalArgumentException(NAME + ": canary " + place + ": " + field.getKey()
                            + " is no field of " + message.getFullName());
                }
                FieldText.requireReadable(named, field.getValue(), NAME + ": canary " + place + ": " + field.getKey());
            }
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Answer run() {
        List<String> wrong = new ArrayList<>();
        int place = 0;
        for (Map.Entry<String, Map<String, String>> canary : expected.entrySet()) {
            place++;
            byte[] row = candidate.canaries().get(canary.getKey());
            if (row == null) {
                wrong.add("canary " + place + " is not there");
            } else {
                Map<String, String> differing = differing(row, canary.getValue());
                if (!differing.isEmpty()) {
                    wrong.add("canary " + place + " differs in " + String.join(", ", differing.keySet()));
                }
            }
        }
        if (wrong.isEmpty()) {
            return Answer.of(true, "all " + expected.size() + " are there and hold what is expected");
        }
        return Answer.of(false, String.join("; ", wrong) + " (of " + expected.size() + ")");
    }

    private Map<String, String> differing(byte[] row, Map<String, String> fields) {
        Map<String, String> differing = new LinkedHashMap<>();
        try {
            DynamicMessage message = DynamicMessage.parseFrom(candidate.message(), row);
            fields.forEach((name, text) -> {
                FieldDescriptor field = candidate.message().findFieldByName(name);
                boolean isNull = field.hasPresence() && !message.hasField(field);
                if (isNull || !FieldText.matches(field, message.getField(field), text)) {
                    differing.put(name, text);
                }
            });
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a row is no message of its contract", e);
        }
        return differing;
    }
}
