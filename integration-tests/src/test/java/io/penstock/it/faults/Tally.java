package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What came of calls: how many ended how, how long they took, how far past their deadlines, and what was wrong. */
final class Tally {
    /** How a right answer is counted. */
    static final String FOUND = "FOUND";

    private static final int WRONG_MAX = 10;

    private final Map<String, Long> ends = new TreeMap<>();
    private final Histogram latencies = new Histogram(3);
    private final Histogram overruns = new Histogram(3);
    private final List<String> wrong = new ArrayList<>();
    private long lastFailureNanos;

    /**
     * One call ended.
     *
     * @param end {@link #FOUND}, or status and reason such as {@code UNAVAILABLE/STORE_UNREACHABLE}
     */
    synchronized void ended(String end, long startNanos, long nowNanos, long deadlineNanos) {
        ends.merge(end, 1L, Long::sum);
        latencies.recordValue(nowNanos - startNanos);
        if (end.startsWith("DEADLINE_EXCEEDED") || nowNanos - deadlineNanos > 0) {
            overruns.recordValue(Math.max(0, nowNanos - deadlineNanos));
        }
        if (!end.equals(FOUND)) {
            lastFailureNanos = nowNanos;
        }
    }

    /** An answer that must never be given. */
    synchronized void wrong(String what) {
        if (wrong.size() < WRONG_MAX) {
            wrong.add(what);
        }
    }

    /** Adds what another counted. */
    synchronized void add(Tally other) {
        synchronized (other) {
            other.ends.forEach((end, count) -> ends.merge(end, count, Long::sum));
            latencies.add(other.latencies);
            overruns.add(other.overruns);
            wrong.addAll(other.wrong);
            lastFailureNanos = Math.max(lastFailureNanos, other.lastFailureNanos);
        }
    }

    synchronized long calls() {
        return latencies.getTotalCount();
    }

    synchronized long found() {
        return ends.getOrDefault(FOUND, 0L);
    }

    synchronized long failed() {
        return calls() - found();
    }

    /** How many ended so; {@code end} may be a status without a reason. */
    synchronized long count(String end) {
        long count = 0;
        for (Map.Entry<String, Long> each : ends.entrySet()) {
            count += each.getKey().equals(end) || each.getKey().startsWith(end + "/") ? each.getValue() : 0;
        }
        return count;
    }

    /** The reading of the clock when the last call failed; 0 = none did. */
    synchronized long lastFailureNanos() {
        return lastFailureNanos;
    }

    synchronized Duration latency(double percentile) {
        return Duration.ofNanos(latencies.getValueAtPercentile(percentile));
    }

    /** How far past their deadlines the calls ended that reached them. */
    synchronized Duration overrun(double percentile) {
        return Duration.ofNanos(overruns.getValueAtPercentile(percentile));
    }

    /** Asserts that no answer was wrong, whatever else happened. */
    Tally assertNothingWrong() {
        synchronized (this) {
            assertThat(wrong).as(toString()).isEmpty();
        }
        return this;
    }

    /** Asserts that calls ended in these ways only; each may be a status without a reason. */
    Tally assertOnly(String... allowed) {
        assertNothingWrong();
        long known = 0;
        for (String end : allowed) {
            known += count(end);
        }
        assertThat(known).as(toString()).isEqualTo(calls());
        return this;
    }

    @Override
    public synchronized String toString() {
        return String.format(
                Locale.ROOT,
                "%d calls %s, p50 %.2f ms, p99 %.2f ms, past the deadline p99.9 %.2f ms",
                calls(),
                ends,
                latency(50).toNanos() / 1e6,
                latency(99).toNanos() / 1e6,
                overrun(99.9).toNanos() / 1e6);
    }
}
