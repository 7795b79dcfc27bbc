package io.penstock.publisher.guardrail;

import io.penstock.publisher.diff.Parent;
import io.penstock.storage.v1.FieldProfile;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A version that would like to be committed, as far as guardrails look at it.
 *
 * @param fieldNames of the contract's fields by number
 * @param unreadable what of the versions before could not be read; empty as a rule
 */
public record Candidate(
        long rows,
        List<FieldProfile> fields,
        Map<Integer, String> fieldNames,
        Instant dataAsOf,
        boolean dataAsOfAssumed,
        Parent parent,
        List<String> unreadable) {}
