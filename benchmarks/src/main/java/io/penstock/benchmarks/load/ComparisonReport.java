package io.penstock.benchmarks.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What a comparison measured.
 *
 * @param rounds how often each was measured, by turns
 * @param rows one a server, the one the others are compared with first
 * @param problems why the figures are not to be trusted, of all runs; empty = they are
 */
public record ComparisonReport(int rounds, List<Row> rows, List<String> problems) {

    /**
     * A server.
     *
     * @param callsRatio its median throughput over the first server's
     * @param p99Ratio the same of the 99th percentile
     * @param runs of all rounds
     */
    public record Row(
            String name,
            Spread callsPerSecond,
            Spread p50Micros,
            Spread p99Micros,
            double callsRatio,
            double p99Ratio,
            List<LoadReport> runs) {}

    static ComparisonReport of(Map<String, List<LoadReport>> reports) {
        List<Row> rows = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        int rounds = 0;
        for (Map.Entry<String, List<LoadReport>> each : reports.entrySet()) {
            List<LoadReport> runs = each.getValue();
            Spread calls = spread(runs, LoadReport::callsPerSecond);
            Spread p99 = spread(runs, run -> run.answered().p99Micros());
            Row first = rows.isEmpty() ? null : rows.get(0);
            rows.add(new Row(
                    each.getKey(),
                    calls,
                    spread(runs, run -> run.answered().p50Micros()),
                    p99,
                    first == null ? 1 : ratio(calls, first.callsPerSecond()),
                    first == null ? 1 : ratio(p99, first.p99Micros()),
                    List.copyOf(runs)));
            runs.forEach(run -> run.problems().forEach(problem -> problems.add(each.getKey() + ": " + problem)));
            rounds = runs.size();
        }
        return new ComparisonReport(rounds, List.copyOf(rows), List.copyOf(problems));
    }

    /** 0 when there is nothing to compare with. */
    private static double ratio(Spread figure, Spread first) {
        return first.median() == 0 ? 0 : figure.median() / first.median();
    }

    private static Spread spread(List<LoadReport> runs, ToDoubleFunction<LoadReport> figure) {
        return Spread.of(runs.stream().mapToDouble(figure).toArray());
    }

    /** Whether the driver itself kept up in all runs. */
    public boolean valid() {
        return problems.isEmpty();
    }

    /** The conditions of each server's first run and all figures, for people. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            text.append(row.name()).append(System.lineSeparator());
            row.runs()
                    .get(0)
                    .conditions()
                    .forEach((name, value) -> text.append(String.format(Locale.ROOT, "  %-12s %s%n", name, value)));
            text.append(String.format(
                    Locale.ROOT, "  %-12s %s%n", "statuses", row.runs().get(0).statuses()));
            text.append(String.format(
                    Locale.ROOT, "  %-12s %s%n", "outcomes", row.runs().get(0).outcomes()));
            text.append(String.format(
                    Locale.ROOT,
                    "  %-12s %,.0f bytes%n%n",
                    "an answer",
                    row.runs().get(0).answerBytes()));
        }
        text.append(String.format(Locale.ROOT, "median (lowest–highest) of %d rounds, by turns%n", rounds));
        text.append(String.format(
                Locale.ROOT, "%-16s %32s %8s %22s %26s %8s%n", "", "calls/s", "ratio", "p50 µs", "p99 µs", "ratio"));
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-16s %32s %8.2f %22s %26s %8.2f%n",
                    row.name(),
                    row.callsPerSecond().toText(),
                    row.callsRatio(),
                    row.p50Micros().toText(),
                    row.p99Micros().toText(),
                    row.p99Ratio()));
        }
        problems.forEach(problem -> text.append("INVALID: ").append(problem).append(System.lineSeparator()));
        return text.toString();
    }
}
