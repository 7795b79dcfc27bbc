package io.penstock.publisher.guardrail;

import io.penstock.publisher.diff.Changes;
import io.penstock.storage.v1.Manifest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The guardrails over all rows that are on only where somebody declared a limit. */
final class DeclaredChecks {
    static final String ROWS_UPDATED = "rows-updated";
    static final String ROWS_REMOVED = "rows-removed";
    static final String ROWS_CHANGED = "rows-changed";
    static final String ROW_SIZE_GROWTH = "row-size-growth";
    static final String DATA_AGE = "data-age";

    private DeclaredChecks() {}

    static List<Check> of(Candidate candidate, Guardrails limits) {
        Changes changes = candidate.changes();
        List<Check> checks = new ArrayList<>();
        share(checks, ROWS_UPDATED, "have another value", changes.rowsUpdated(), limits.rowsUpdatedMax(), candidate);
        share(checks, ROWS_REMOVED, "are gone", changes.rowsRemoved(), limits.rowsRemovedMax(), candidate);
        share(
                checks,
                ROWS_CHANGED,
                "are new or have another value",
                changes.rowsAdded() + changes.rowsUpdated(),
                limits.rowsChangedMax(),
                candidate);
        if (limits.rowSizeGrowthMax() < Guardrails.ANY) {
            checks.add(new NamedCheck(ROW_SIZE_GROWTH, () -> rowSizeGrowth(candidate, limits.rowSizeGrowthMax())));
        }
        Duration oldest = limits.dataAgeMax();
        if (oldest != null) {
            checks.add(new NamedCheck(DATA_AGE, () -> dataAge(candidate, oldest)));
        }
        return checks;
    }

    private static void share(
            List<Check> checks, String name, String what, long rows, double largest, Candidate candidate) {
        if (largest < Guardrails.ANY) {
            checks.add(new NamedCheck(name, () -> share(candidate.parent().manifest(), what, rows, largest)));
        }
    }

    private static Check.Answer share(@Nullable Manifest before, String what, long rows, double largest) {
        if (before == null || before.getRows() == 0) {
            return Check.Answer.notApplicable("no rows to compare with");
        }
        double share = (double) rows / before.getRows();
        return Check.Answer.of(
                share <= largest,
                String.format(
                        Locale.ROOT,
                        "%d of %d rows %s: %.1f %% (expected: at most %.1f %%)",
                        rows,
                        before.getRows(),
                        what,
                        share * 100,
                        largest * 100));
    }

    private static Check.Answer rowSizeGrowth(Candidate candidate, double largest) {
        Manifest before = candidate.parent().manifest();
        if (before == null || before.getRows() == 0 || candidate.rows() == 0) {
            return Check.Answer.notApplicable("no rows to compare, before or now");
        }
        double old = (double) before.getBytes() / before.getRows();
        double mean = (double) candidate.changes().bytes() / candidate.changes().rows();
        return Check.Answer.of(
                mean / old - 1 <= largest,
                String.format(
                        Locale.ROOT,
                        "%.1f bytes a row before, %.1f now: %+.1f %% (expected: at most +%.1f %%)",
                        old,
                        mean,
                        (mean / old - 1) * 100,
                        largest * 100));
    }

    private static Check.Answer dataAge(Candidate candidate, Duration oldest) {
        if (candidate.dataAsOfAssumed()) {
            return Check.Answer.of(false, "the source declares no data_as_of, so the age of its data is not known");
        }
        Duration age = Duration.between(candidate.dataAsOf(), candidate.now());
        return Check.Answer.of(
                age.compareTo(oldest) <= 0,
                "data_as_of is " + candidate.dataAsOf() + ", " + text(age) + " ago (expected: at most " + text(oldest)
                        + ")");
    }

    private static String text(Duration age) {
        return String.format(Locale.ROOT, "%dh%02dm%02ds", age.toHours(), age.toMinutesPart(), age.toSecondsPart());
    }
}
