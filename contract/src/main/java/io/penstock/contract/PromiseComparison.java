package io.penstock.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Finding.Rule;
import io.penstock.contract.v1.FieldRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Finds the promises that a contract takes back: readers may rely on each. */
final class PromiseComparison {
    private final List<Finding> findings;

    private PromiseComparison(List<Finding> findings) {
        this.findings = findings;
    }

    static void compare(Contract before, Contract after, List<Finding> findings) {
        PromiseComparison comparison = new PromiseComparison(findings);
        comparison.notLonger(before, "freshness", before.freshness(), after.freshness());
        comparison.notLonger(before, "p99", before.p99(), after.p99());
        if (!before.expiresAfter().equals(after.expiresAfter())) {
            // Earlier takes rows away, later serves what was promised to be gone.
            comparison.weakened(
                    before.message(), "expires_after", text(before.expiresAfter()), text(after.expiresAfter()));
        }
        for (FieldDescriptor field : before.descriptor().getFields()) {
            FieldDescriptor successor = after.descriptor().findFieldByNumber(field.getNumber());
            if (successor != null) {
                comparison.compare(field.getFullName(), before.rules(field), after.rules(successor));
            }
        }
    }

    private void notLonger(Contract contract, String option, Optional<Duration> before, Optional<Duration> after) {
        boolean kept = before.isEmpty() || (after.isPresent() && after.get().compareTo(before.get()) <= 0);
        if (!kept) {
            weakened(contract.message(), option, text(before), text(after));
        }
    }

    private void compare(String field, FieldRules before, FieldRules after) {
        if (before.hasMin() && !(after.hasMin() && after.getMin() >= before.getMin())) {
            weakened(field, "min", text(before.getMin()), after.hasMin() ? text(after.getMin()) : "none");
        }
        if (before.hasMax() && !(after.hasMax() && after.getMax() <= before.getMax())) {
            weakened(field, "max", text(before.getMax()), after.hasMax() ? text(after.getMax()) : "none");
        }
        boolean unitKept = before.getUnit().isEmpty() || before.getUnit().equals(after.getUnit());
        if (!unitKept) {
            weakened(field, "unit", "'" + before.getUnit() + "'", "'" + after.getUnit() + "'");
        }
    }

    private void weakened(String element, String option, String before, String after) {
        findings.add(new Finding(
                Rule.PROMISE_WEAKENED,
                element,
                option + " was " + before + " and is " + after,
                "keep or strengthen the promise, or " + ContractEvolution.NEW_MAJOR));
    }

    private static String text(double bound) {
        return Double.toString(bound);
    }

    private static String text(Optional<Duration> duration) {
        return duration.map(Duration::toString).orElse("none");
    }
}
