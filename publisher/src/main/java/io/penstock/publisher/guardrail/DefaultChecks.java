package io.penstock.publisher.guardrail;

import com.google.protobuf.Timestamp;
import io.penstock.storage.v1.FieldProfile;
import io.penstock.storage.v1.Manifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The guardrails that are on unless somebody says why not. */
public final class DefaultChecks {
    /** The names of all of them; what an override may name. */
    public static final Set<String> NAMES =
            Set.of("history-readable", "rows-present", "row-count-change", "null-rate", "data-as-of");

    private DefaultChecks() {}

    public static List<Check> of(Candidate candidate, Guardrails limits) {
        Manifest before = candidate.parent().manifest();
        return List.of(
                check("history-readable", () -> historyReadable(candidate)),
                check("rows-present", () -> rowsPresent(candidate, limits)),
                check("row-count-change", () -> rowCountChange(candidate, before, limits)),
                check("null-rate", () -> nullRate(candidate, before, limits)),
                check("data-as-of", () -> dataAsOf(candidate, before)));
    }

    private static Check check(String name, Supplier<Check.Answer> body) {
        return new Check() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Answer run() {
                return body.get();
            }
        };
    }

    private static Check.Answer historyReadable(Candidate candidate) {
        if (candidate.unreadable().isEmpty()) {
            return Check.Answer.of(true, "every version compared with could be read");
        }
        return Check.Answer.of(
                false,
                "nothing can be compared with what could not be read: " + String.join(", ", candidate.unreadable()));
    }

    private static Check.Answer rowsPresent(Candidate candidate, Guardrails limits) {
        return Check.Answer.of(
                candidate.rows() >= limits.rowsMin(),
                candidate.rows() + " rows (expected: >= " + limits.rowsMin() + ")");
    }

    private static Check.Answer rowCountChange(Candidate candidate, @Nullable Manifest before, Guardrails limits) {
        if (before == null || before.getRows() == 0) {
            return Check.Answer.notApplicable("no rows to compare with");
        }
        double change = (double) candidate.rows() / before.getRows() - 1;
        return Check.Answer.of(
                change >= -limits.rowCountDropMax() && change <= limits.rowCountGrowthMax(),
                String.format(
                        Locale.ROOT,
                        "%d rows before, %d now: %+.1f %% (expected: -%.1f %% to +%.1f %%)",
                        before.getRows(),
                        candidate.rows(),
                        change * 100,
                        limits.rowCountDropMax() * 100,
                        limits.rowCountGrowthMax() * 100));
    }

    private static Check.Answer nullRate(Candidate candidate, @Nullable Manifest before, Guardrails limits) {
        if (before == null
                || before.getRows() < limits.nullRateRowsMin()
                || candidate.rows() < limits.nullRateRowsMin()) {
            return Check.Answer.notApplicable("fewer than " + limits.nullRateRowsMin() + " rows, before or now");
        }
        Map<Integer, Long> nullsBefore = new HashMap<>();
        before.getFieldsList().forEach(field -> nullsBefore.put(field.getField(), field.getNulls()));
        List<String> risen = new ArrayList<>();
        for (FieldProfile field : candidate.fields()) {
            Long old = nullsBefore.get(field.getField());
            if (old == null) {
                continue;
            }
            double rateBefore = (double) old / before.getRows();
            double rate = (double) field.getNulls() / candidate.rows();
            if (rate - rateBefore > limits.nullRateRiseMax()) {
                String name = candidate.fieldNames().getOrDefault(field.getField(), "field " + field.getField());
                risen.add(String.format(Locale.ROOT, "%s from %.1f %% to %.1f %%", name, rateBefore * 100, rate * 100));
            }
        }
        String allowed =
                String.format(Locale.ROOT, "(expected: a rise of at most %.1f points)", limits.nullRateRiseMax() * 100);
        if (risen.isEmpty()) {
            return Check.Answer.of(true, "no field's share of NULLs rose by more " + allowed);
        }
        StringJoiner all = new StringJoiner(", ", "NULLs rose in ", " " + allowed);
        risen.forEach(all::add);
        return Check.Answer.of(false, all.toString());
    }

    private static Check.Answer dataAsOf(Candidate candidate, @Nullable Manifest before) {
        if (before == null || before.getDataAsOfAssumed() || candidate.dataAsOfAssumed()) {
            return Check.Answer.notApplicable("data_as_of was not declared, before or now");
        }
        Timestamp old = before.getDataAsOf();
        Instant oldDataAsOf = Instant.ofEpochSecond(old.getSeconds(), old.getNanos());
        return Check.Answer.of(
                !candidate.dataAsOf().isBefore(oldDataAsOf),
                oldDataAsOf + " before, " + candidate.dataAsOf() + " now (expected: not earlier)");
    }
}
