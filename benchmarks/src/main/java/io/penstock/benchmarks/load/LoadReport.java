package io.penstock.benchmarks.load;

import io.grpc.Status;
import io.penstock.benchmarks.wire.CallListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run measured.
 *
 * @param conditions machine, JVM and options, in the order to print them
 * @param callsPerSecond calls answered without an error a second
 * @param keysPerSecond the same in keys
 * @param answerBytes mean size of an answer's message
 * @param answered latency of the calls answered without an error, from the moment they were due
 * @param failed latency of all others
 * @param lag how much later than due the driver had sent; counts nothing in a closed loop
 * @param statuses calls by gRPC status; {@code UNANSWERED} = nothing came until well after the deadline
 * @param outcomes keys by outcome
 * @param curve all of {@code answered}
 * @param timeline the run in slices
 * @param warnings what to keep in mind
 * @param problems why the figures are not to be trusted; empty = they are
 */
public record LoadReport(
        Map<String, String> conditions,
        double callsPerSecond,
        double keysPerSecond,
        double answerBytes,
        Percentiles answered,
        Percentiles failed,
        Percentiles lag,
        Map<String, Long> statuses,
        Map<String, Long> outcomes,
        PercentileCurve curve,
        Timeline timeline,
        List<String> warnings,
        List<String> problems) {
    private static final double LAG_SHARE_MAX = 0.10;
    private static final long SAMPLES_MIN = 100_000;
    private static final double BYTES_ROUNDED_TO = 10;

    static LoadReport of(LoadOptions options, Map<String, String> conditions, Recorder recorder) {
        double callsPerSecond =
                recorder.answeredInSpan / (options.span().measured().toNanos() / 1e9);
        Percentiles answered = Percentiles.of(recorder.answeredNanos);
        Percentiles lag = Percentiles.of(recorder.lagNanos);
        return new LoadReport(
                conditions,
                callsPerSecond,
                callsPerSecond * options.calls().keysACall(),
                Math.round(BYTES_ROUNDED_TO * recorder.answerBytes / Math.max(1, answered.count())) / BYTES_ROUNDED_TO,
                answered,
                Percentiles.of(recorder.failedNanos),
                lag,
                statuses(recorder),
                recorder.outcomes.byName(),
                PercentileCurve.of(recorder.answeredNanos),
                recorder.timeline,
                warnings(recorder, answered),
                problems(options, recorder, lag));
    }

    private static Map<String, Long> statuses(Recorder recorder) {
        Map<String, Long> statuses = new TreeMap<>();
        for (Status.Code code : Status.Code.values()) {
            if (recorder.statuses[code.value()] > 0) {
                statuses.put(code.name(), recorder.statuses[code.value()]);
            }
        }
        if (recorder.statuses[CallListener.UNANSWERED] > 0) {
            statuses.put("UNANSWERED", recorder.statuses[CallListener.UNANSWERED]);
        }
        return statuses;
    }

    private static List<String> warnings(Recorder recorder, Percentiles answered) {
        List<String> warnings = new ArrayList<>();
        if (answered.count() < SAMPLES_MIN) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%,d samples (wanted: %,d): the tail is a matter of chance",
                    answered.count(),
                    SAMPLES_MIN));
        }
        long failures = recorder.failedNanos.getTotalCount();
        if (failures > 0) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "%.2f %% of the calls failed, and are not among the answered",
                    100.0 * failures / (failures + answered.count())));
        }
        if (recorder.withoutRoom > 0) {
            warnings.add("the server's limit on streams left no room for " + recorder.withoutRoom + " calls in flight");
        }
        return List.copyOf(warnings);
    }

    private static List<String> problems(LoadOptions options, Recorder recorder, Percentiles lag) {
        List<String> problems = new ArrayList<>();
        if (options.pace() instanceof Pace.OpenLoop open) {
            double lagMaxMicros = open.budgetP99().toNanos() / 1e3 * LAG_SHARE_MAX;
            if (lag.p99Micros() > lagMaxMicros) {
                problems.add(String.format(
                        Locale.ROOT,
                        "the driver itself was late: lag p99 %.0f µs (expected: <= %.0f µs, a tenth of the p99 budget);"
                                + " lower the rate or give the driver more event loops and cores",
                        lag.p99Micros(),
                        lagMaxMicros));
            }
        }
        if (recorder.withheld > 0) {
            problems.add(recorder.withheld + " calls were due and not sent: too many were under way");
        }
        if (recorder.outcomes.unreadable() > 0) {
            problems.add(recorder.outcomes.unreadable() + " answers are not of this API");
        }
        return List.copyOf(problems);
    }

    /** Whether the driver itself kept up. */
    public boolean valid() {
        return problems.isEmpty();
    }

    /** Conditions and figures for people, ending in a line feed. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        conditions.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-12s %s%n", name, value)));
        text.append(String.format(Locale.ROOT, "%n%-12s %,.0f calls/s", "throughput", callsPerSecond));
        if (keysPerSecond != callsPerSecond) {
            text.append(String.format(Locale.ROOT, ", %,.0f keys/s", keysPerSecond));
        }
        text.append(String.format(Locale.ROOT, ", %,.0f bytes an answer", answerBytes));
        text.append(String.format(Locale.ROOT, "%n%-12s %s%n", "statuses", statuses));
        text.append(String.format(Locale.ROOT, "%-12s %s%n%n", "outcomes", outcomes));
        text.append(String.format(
                Locale.ROOT,
                "%-12s %10s %10s %10s %10s %10s %10s%n",
                "µs",
                "count",
                "p50",
                "p90",
                "p99",
                "p99.9",
                "max"));
        appendRow(text, "answered", answered);
        if (failed.count() > 0) {
            appendRow(text, "failed", failed);
        }
        if (lag.count() > 0) {
            appendRow(text, "driver lag", lag);
        }
        warnings.forEach(warning -> text.append("warning: ").append(warning).append(System.lineSeparator()));
        problems.forEach(problem -> text.append("INVALID: ").append(problem).append(System.lineSeparator()));
        return text.toString();
    }

    private static void appendRow(StringBuilder text, String name, Percentiles row) {
        text.append(String.format(
                Locale.ROOT,
                "%-12s %,10d %,10.0f %,10.0f %,10.0f %,10.0f %,10.0f%n",
                name,
                row.count(),
                row.p50Micros(),
                row.p90Micros(),
                row.p99Micros(),
                row.p999Micros(),
                row.maxMicros()));
    }
}
