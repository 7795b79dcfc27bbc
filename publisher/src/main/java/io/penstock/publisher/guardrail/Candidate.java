package io.penstock.publisher.guardrail;

import com.google.protobuf.Descriptors.Descriptor;
import io.penstock.publisher.diff.Changes;
import io.penstock.publisher.diff.Parent;
import io.penstock.storage.v1.FieldProfile;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A version that would like to be committed, as far as guardrails look at it.
 *
 * @param fields what was counted of the contract's fields
 * @param message the contract's
 * @param changes against the parent
 * @param now when it is published
 * @param unreadable what of the versions before could not be read; empty as a rule
 * @param canaries the rows of those canary keys that are there, by key
 */
public record Candidate(
        long rows,
        List<FieldProfile> fields,
        Descriptor message,
        Instant dataAsOf,
        boolean dataAsOfAssumed,
        Parent parent,
        Changes changes,
        Instant now,
        List<String> unreadable,
        Map<String, byte[]> canaries) {

    String fieldName(FieldProfile field) {
        var named = message.findFieldByNumber(field.getField());
        return named == null ? "field " + field.getField() : named.getName();
    }
}
