package io.penstock.publisher.guardrail;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.storage.v1.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The guardrails over single fields that are on only where somebody declared a limit. Each names all that it found. */
final class FieldChecks {
    static final String BLANK_RATE = "blank-rate";
    static final String DISTINCT_COUNT = "distinct-count";
    static final String RANGE = "range";
    static final String MEAN_SHIFT = "mean-shift";

    private final Candidate candidate;
    private final Guardrails limits;
    private final Map<Integer, FieldProfile> before = new HashMap<>();

    private FieldChecks(Candidate candidate, Guardrails limits) {
        this.candidate = candidate;
        this.limits = limits;
        Manifest parent = candidate.parent().manifest();
        if (parent != null) {
            parent.getFieldsList().forEach(field -> before.put(field.getField(), field));
        }
    }

    static List<Check> of(Candidate candidate, Guardrails limits) {
        FieldChecks checks = new FieldChecks(candidate, limits);
        List<Check> all = new ArrayList<>();
        checks.add(all, BLANK_RATE, FieldLimits::limitsBlankRate, checks::blankRate);
        checks.add(all, DISTINCT_COUNT, FieldLimits::limitsDistinct, checks::distinct);
        checks.add(all, RANGE, FieldLimits::limitsRange, checks::range);
        checks.add(all, MEAN_SHIFT, FieldLimits::limitsMeanShift, checks::meanShift);
        return all;
    }

    /** What came of one field; a null verdict says that there was nothing to compare. */
    private record Finding(@Nullable Boolean passed, String detail) {}

    private void add(
            List<Check> all,
            String name,
            Predicate<FieldLimits> declared,
            BiFunction<FieldProfile, FieldLimits, Finding> body) {
        if (limits.fields().values().stream().anyMatch(declared)) {
            all.add(new NamedCheck(name, () -> run(declared, body)));
        }
    }

    private Check.Answer run(Predicate<FieldLimits> declared, BiFunction<FieldProfile, FieldLimits, Finding> body) {
        List<String> passed = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<String> nothing = new ArrayList<>();
        for (FieldProfile field : candidate.fields()) {
            String name = candidate.fieldName(field);
            FieldLimits limit = limits.field(name);
            if (declared.test(limit)) {
                Finding finding = body.apply(field, limit);
                Boolean verdict = finding.passed();
                (verdict == null ? nothing : verdict ? passed : failed).add(name + " " + finding.detail());
            }
        }
        if (!failed.isEmpty()) {
            return Check.Answer.of(false, String.join(", ", failed));
        }
        if (passed.isEmpty()) {
            return Check.Answer.notApplicable(String.join(", ", nothing));
        }
        passed.addAll(nothing);
        return Check.Answer.of(true, String.join(", ", passed));
    }

    private Finding blankRate(FieldProfile field, FieldLimits limit) {
        if (candidate.rows() == 0) {
            return new Finding(null, "has no rows");
        }
        double rate = (double) field.getBlanks() / candidate.rows();
        return new Finding(
                rate <= limit.blankRateMax(),
                String.format(
                        Locale.ROOT,
                        "is blank in %.1f %% of the rows (expected: at most %.1f %%)",
                        rate * 100,
                        limit.blankRateMax() * 100));
    }

    private Finding distinct(FieldProfile field, FieldLimits limit) {
        if (!field.hasDistinct()) {
            return candidate.changes().keepsOthers()
                    ? new Finding(null, "was not counted, because most rows are the version before's")
                    : new Finding(false, "was not counted");
        }
        return new Finding(
                field.getDistinct() >= limit.distinctMin() && field.getDistinct() <= limit.distinctMax(),
                "has about " + field.getDistinct() + " different values (expected: "
                        + between(limit.distinctMin(), limit.distinctMax()) + ")");
    }

    private Finding range(FieldProfile field, FieldLimits limit) {
        if (field.getNumbers() == 0 || !field.hasMin() || !field.hasMax()) {
            return new Finding(null, "has no numbers, or none that are new");
        }
        boolean within = field.getMin() >= limit.min() && field.getMax() <= limit.max();
        FieldDescriptor named = candidate.message().findFieldByNumber(field.getField());
        String found = named != null && SensitiveFields.contains(named)
                ? "is " + (within ? "within" : "not within")
                : "is from " + Numbers.text(field.getMin()) + " to " + Numbers.text(field.getMax());
        return new Finding(within, found + " (expected: " + between(limit.min(), limit.max()) + ")");
    }

    private Finding meanShift(FieldProfile field, FieldLimits limit) {
        FieldProfile old = before.get(field.getField());
        if (old == null || !old.hasMean() || !field.hasMean()) {
            return new Finding(null, "has no mean to compare, before or now");
        }
        double shift = field.getMean() - old.getMean();
        String means =
                "has the mean " + Numbers.text(field.getMean()) + ", " + Numbers.text(old.getMean()) + " before: ";
        String expected = String.format(Locale.ROOT, " (expected: at most %.1f %%)", limit.meanShiftMax() * 100);
        if (old.getMean() == 0) {
            return new Finding(shift == 0, means + (shift == 0 ? "no shift" : "a shift from 0") + expected);
        }
        double share = shift / Math.abs(old.getMean());
        return new Finding(
                Math.abs(share) <= limit.meanShiftMax(),
                means + String.format(Locale.ROOT, "%+.1f %%", share * 100) + expected);
    }

    private static String between(double min, double max) {
        if (Double.isInfinite(max)) {
            return ">= " + Numbers.text(min);
        }
        return Double.isInfinite(min) ? "<= " + Numbers.text(max) : Numbers.text(min) + " to " + Numbers.text(max);
    }
}
