package io.penstock.benchmarks.sort;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What a sort took.
 *
 * @param conditions machine, JVM and options, in the order to print them
 * @param bytes of the keys and values
 * @param adding how long the rows took to add
 * @param reading how long they then took to come back in order, the sort included
 * @param heapBytesMax the most the Java heap held, garbage included
 * @param residentBytesMax the most the whole process held; 0 where the operating system does not tell
 */
public record SortMemoryReport(
        Map<String, String> conditions,
        long rows,
        long bytes,
        Duration adding,
        Duration reading,
        long heapBytesMax,
        long residentBytesMax) {
    private static final double MIB = 1 << 20;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Rows added and read back a second. */
    public double rowsPerSecond() {
        return rows / (seconds(adding) + seconds(reading));
    }

    /** Conditions and figures for people, ending in a line feed. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        conditions.forEach((name, value) -> text.append(String.format(Locale.ROOT, "%-12s %s%n", name, value)));
        text.append(String.format(Locale.ROOT, "%n%-12s %,d (%,.0f MiB)%n", "rows", rows, bytes / MIB));
        text.append(String.format(
                Locale.ROOT,
                "%-12s %.1f s to add, %.1f s to read in order, %,.0f rows/s%n",
                "time",
                seconds(adding),
                seconds(reading),
                rowsPerSecond()));
        text.append(String.format(Locale.ROOT, "%-12s %,.0f MiB at most%n", "heap", heapBytesMax / MIB));
        text.append(
                residentBytesMax == 0
                        ? String.format(Locale.ROOT, "%-12s unknown%n", "resident")
                        : String.format(Locale.ROOT, "%-12s %,.0f MiB at most%n", "resident", residentBytesMax / MIB));
        return text.toString();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS_PER_SECOND;
    }
}
