package io.penstock.benchmarks.load;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;

/**
 * A run in slices of a tenth of a second, by the moment calls were due: what an event in the middle of it did to its
 * callers. Written by one event loop, or summed up after the run.
 */
public final class Timeline {
    public static final Duration SLICE = Duration.ofMillis(100);

    private static final long SLICE_NANOS = SLICE.toNanos();
    private static final long NANOS_MAX = 120_000_000_000L;
    private static final int SIGNIFICANT_DIGITS = 2;

    private final long startNanos;
    private final Counts[] slices;

    /** @param startNanos of the monotonic clock ({@link System#nanoTime}): when the measured span begins */
    Timeline(long startNanos, long spanNanos) {
        this.startNanos = startNanos;
        this.slices = new Counts[(int) ((spanNanos + SLICE_NANOS - 1) / SLICE_NANOS)];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = new Counts();
        }
    }

    /**
     * A slice.
     *
     * @param fromSeconds its beginning, since the measured span began
     * @param callsPerSecond calls that were due in it and were answered without an error
     * @param failures calls that were due in it and were not
     */
    public record Slice(
            double fromSeconds,
            double callsPerSecond,
            long failures,
            double p50Micros,
            double p99Micros,
            double maxMicros) {}

    /** When the measured span began, of the monotonic clock of this process. */
    public long startNanos() {
        return startNanos;
    }

    /** All of them, empty ones included. */
    @JsonValue
    public List<Slice> slices() {
        List<Slice> list = new ArrayList<>();
        for (int i = 0; i < slices.length; i++) {
            Counts counts = slices[i];
            list.add(new Slice(
                    i * SLICE_NANOS / 1e9,
                    counts.latency.getTotalCount() * 1e9 / SLICE_NANOS,
                    counts.failures,
                    counts.latency.getValueAtPercentile(50) / 1e3,
                    counts.latency.getValueAtPercentile(99) / 1e3,
                    counts.latency.getMaxValue() / 1e3));
        }
        return list;
    }

    /** When it ends. */
    public long endNanos() {
        return startNanos + slices.length * SLICE_NANOS;
    }

    /** Latency of the answered calls of all slices that touch a span of {@link System#nanoTime}. */
    public Percentiles answeredBetween(long fromNanos, long toNanos) {
        return answeredIn(List.of(new Span(fromNanos, toNanos)));
    }

    /** Latency of the answered calls of all slices that touch one of these spans, which are apart from each other. */
    public Percentiles answeredIn(List<Span> spans) {
        Histogram sum = new Histogram(NANOS_MAX, SIGNIFICANT_DIGITS);
        for (Span span : spans) {
            for (int i = Math.max(0, index(span.fromNanos())); i <= index(span.toNanos()) && i < slices.length; i++) {
                sum.add(slices[i].latency);
            }
        }
        return Percentiles.of(sum);
    }

    void answered(long due, long nanos) {
        int slice = index(due);
        if (slice < slices.length) {
            slices[slice].latency.recordValue(Math.max(0, Math.min(nanos, NANOS_MAX)));
        }
    }

    void failed(long due) {
        int slice = index(due);
        if (slice < slices.length) {
            slices[slice].failures++;
        }
    }

    void add(Timeline other) {
        for (int i = 0; i < slices.length; i++) {
            slices[i].latency.add(other.slices[i].latency);
            slices[i].failures += other.slices[i].failures;
        }
    }

    private int index(long nanos) {
        return (int) Math.floorDiv(nanos - startNanos, SLICE_NANOS);
    }

    private static final class Counts {
        private final IntCountsHistogram latency = new IntCountsHistogram(NANOS_MAX, SIGNIFICANT_DIGITS);
        private long failures;
    }
}
