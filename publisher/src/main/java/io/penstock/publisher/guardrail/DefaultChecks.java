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
import org.jspecify.annotations.Nullable;

/** The guardrails that are on unless somebody says why not. */
final class DefaultChecks {
    static final String HISTORY_READABLE = "history-readable";
    static final String ROWS_PRESENT = "rows-present";
    static final String ROW_COUNT_CHANGE = "row-count-change";
    static final String NULL_RATE = "null-rate";
    static final String DATA_AS_OF = "data-as-of";

    private DefaultChecks() {}

    static List<Check> of(Candidate candidate, Guardrails limits) {
        Manifest before = candidate.parent().manifest();
        return List.of(
                new NamedCheck(HISTORY_READABLE, () -> historyReadable(candidate)),
                new NamedCheck(ROWS_PRESENT, () -> rowsPresent(candidate, limits)),
                new NamedCheck(ROW_COUNT_CHANGE, () -> rowCountChange(candidate, before, limits)),
                new NamedCheck(NULL_RATE, () -> nullRate(candidate, before, limits)),
                new NamedCheck(DATA_AS_OF, () -> dataAsOf(candidate, before)));
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
        String most = limits.rowsMax() == Long.MAX_VALUE ? "" : ", <= " + limits.rowsMax();
        return Check.Answer.of(
                candidate.rows() >= limits.rowsMin() && candidate.rows() <= limits.rowsMax(),
                candidate.rows() + " rows (expected: >= " + limits.rowsMin() + most + ")");
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
        List<String> tooMany = tooManyNulls(candidate, limits);
        if (before == null
                || before.getRows() < limits.nullRateRowsMin()
                || candidate.rows() < limits.nullRateRowsMin()) {
            String few = "fewer than " + limits.nullRateRowsMin() + " rows, before or now";
            boolean declared = limits.fields().values().stream().anyMatch(FieldLimits::limitsNullRate);
            return tooMany.isEmpty() && !declared
                    ? Check.Answer.notApplicable(few)
                    : Check.Answer.of(tooMany.isEmpty(), tooMany.isEmpty() ? few : String.join(", ", tooMany));
        }
        List<String> risen = risenNulls(candidate, before, limits);
        double points = limits.nullRateRiseMax() * 100;
        String allowed = String.format(Locale.ROOT, "(expected: a rise of at most %.1f points)", points);
        if (risen.isEmpty() && tooMany.isEmpty()) {
            return Check.Answer.of(
                    true,
                    String.format(Locale.ROOT, "no field's share of NULLs rose by more than %.1f points", points));
        }
        List<String> all = new ArrayList<>(tooMany);
        if (!risen.isEmpty()) {
            all.add(0, "NULLs rose in " + String.join(", ", risen) + " " + allowed);
        }
        return Check.Answer.of(false, String.join("; ", all));
    }

    private static List<String> tooManyNulls(Candidate candidate, Guardrails limits) {
        List<String> tooMany = new ArrayList<>();
        for (FieldProfile field : candidate.fields()) {
            String name = candidate.fieldName(field);
            double largest = limits.field(name).nullRateMax();
            double rate = candidate.rows() == 0 ? 0 : (double) field.getNulls() / candidate.rows();
            if (rate > largest) {
                tooMany.add(String.format(
                        Locale.ROOT,
                        "%s is NULL in %.1f %% of the rows (expected: at most %.1f %%)",
                        name,
                        rate * 100,
                        largest * 100));
            }
        }
        return tooMany;
    }

    private static List<String> risenNulls(Candidate candidate, Manifest before, Guardrails limits) {
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
                risen.add(String.format(
                        Locale.ROOT,
                        "%s from %.1f %% to %.1f %%",
                        candidate.fieldName(field),
                        rateBefore * 100,
                        rate * 100));
            }
        }
        return risen;
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
