package io.penstock.benchmarks.goals;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.penstock.benchmarks.measure.Figures;
import io.penstock.benchmarks.measure.Result;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The goals' table: what was promised, what was measured, and what is to be said of it.
 *
 * @param rounds of baseline and measurement in turn, unless a result has fewer
 * @param quick whether it shows only that the benchmarks work
 * @param timeLines for pictures; not part of the figures
 * @param curves the same
 */
public record GoalsReport(
        int rounds,
        boolean quick,
        List<Measured> measured,
        @JsonIgnore List<Session.TimeLine> timeLines,
        @JsonIgnore List<Session.Curves> curves) {
    public GoalsReport {
        measured = List.copyOf(measured);
        timeLines = List.copyOf(timeLines);
        curves = List.copyOf(curves);
    }

    /**
     * What one measurement found.
     *
     * @param conditions it ran under
     * @param seconds it took, setting up included
     */
    public record Measured(String name, Map<String, String> conditions, double seconds, List<Result> results) {}

    /** A table, what is behind its verdicts, and the conditions, as Markdown. */
    public String toMarkdown() {
        StringBuilder text = new StringBuilder();
        if (quick) {
            text.append("**A quick look: it shows that the benchmarks work and claims nothing.**\n\n");
        }
        Map<String, String> shared = sharedConditions();
        shared.forEach((name, value) ->
                text.append("- ").append(name).append(": ").append(value).append('\n'));
        text.append("- effort: ")
                .append(rounds)
                .append(
                        " rounds of baseline and measurement in turn, up to two more when some were disturbed; median [range]"
                                + " of those that count; ratios are round by round\n\n");
        text.append("| what | baseline B | goal | measured | B | ratio [range] | |\n|---|---|---|---|---|---|---|\n");
        results().forEach(result -> text.append(row(result)));
        appendReasons(text);
        text.append("\n## Conditions\n");
        for (Measured each : measured) {
            text.append("\n**")
                    .append(each.name())
                    .append("**, ")
                    .append(String.format(Locale.ROOT, "%.0f s%n%n", each.seconds()));
            each.conditions().forEach((name, value) -> {
                if (!shared.containsKey(name)) {
                    text.append("- ").append(name).append(": ").append(value).append('\n');
                }
            });
        }
        return text.toString();
    }

    private static String row(Result result) {
        Target target = result.target();
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s %s | %s | %s [%s–%s] | %s |%n",
                target.what(),
                target.baseline(),
                target.goal(),
                Figures.of(result.measured()),
                target.unit(),
                Figures.of(result.baseline()),
                Figures.of(result.ratio()),
                Figures.of(result.ratioMin()),
                Figures.of(result.ratioMax()),
                verdict(result));
    }

    private static String verdict(Result result) {
        return switch (result.verdict()) {
            case REACHED -> "reached";
            case MISSED -> "**missed**";
            case INVALID -> "*invalid*";
        };
    }

    private void appendReasons(StringBuilder text) {
        List<String> reasons = new ArrayList<>();
        for (Result result : results()) {
            result.failures().forEach(why -> reasons.add(result.target().name() + " missed: " + why));
            result.problems().forEach(why -> reasons.add(result.target().name() + " invalid: " + why));
        }
        if (!reasons.isEmpty()) {
            text.append('\n');
            reasons.forEach(reason -> text.append("- ").append(reason).append('\n'));
        }
    }

    /** What holds for all of them is said once. */
    private Map<String, String> sharedConditions() {
        Map<String, String> shared = new LinkedHashMap<>();
        if (!measured.isEmpty()) {
            measured.get(0).conditions().forEach((name, value) -> {
                if (measured.stream()
                        .allMatch(each -> value.equals(each.conditions().get(name)))) {
                    shared.put(name, value);
                }
            });
        }
        return shared;
    }

    /** A line a target, for a terminal. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (Result result : results()) {
            Target target = result.target();
            text.append(String.format(
                    Locale.ROOT,
                    "%-8s %-24s %s %s against %s: %s B [%s–%s], goal %s%n",
                    result.verdict(),
                    target.name(),
                    Figures.of(result.measured()),
                    target.unit(),
                    Figures.of(result.baseline()),
                    Figures.of(result.ratio()),
                    Figures.of(result.ratioMin()),
                    Figures.of(result.ratioMax()),
                    target.goal()));
        }
        if (quick) {
            text.append("a quick look: it shows that the benchmarks work and claims nothing\n");
        }
        return text.toString();
    }

    private List<Result> results() {
        return measured.stream().flatMap(each -> each.results().stream()).toList();
    }
}
