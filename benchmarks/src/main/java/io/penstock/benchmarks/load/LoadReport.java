package io.penstock.benchmarks.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run measured.
 *
 * @param conditions machine, JVM and options, in the order to print them
 * @param callsPerSecond calls answered without an error a second
 * @param keysPerSecond the same in keys
 * @param answered latency of those, from the moment they were due
 * @param failed latency of all others
 * @param lag how much later than due the driver sent; counts nothing in a closed loop
 * @param statuses calls by gRPC status
 * @param outcomes keys by outcome
 * @param problems why the figures are not to be trusted; empty = they are
 */
public record LoadReport(
        Map<String, String> conditions,
        double callsPerSecond,
        double keysPerSecond,
        Percentiles answered,
        Percentiles failed,
        Percentiles lag,
        Map<String, Long> statuses,
        Map<String, Long> outcomes,
        List<String> problems) {

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
