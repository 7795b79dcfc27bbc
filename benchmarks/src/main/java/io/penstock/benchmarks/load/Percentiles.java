package io.penstock.benchmarks.load;

import org.HdrHistogram.Histogram;

/** What a histogram of nanoseconds says, in microseconds. */
public record Percentiles(
        long count, double p50Micros, double p90Micros, double p99Micros, double p999Micros, double maxMicros) {
    private static final double NANOS_A_MICRO = 1e3;

    static Percentiles of(Histogram nanos) {
        return new Percentiles(
                nanos.getTotalCount(),
                nanos.getValueAtPercentile(50) / NANOS_A_MICRO,
                nanos.getValueAtPercentile(90) / NANOS_A_MICRO,
                nanos.getValueAtPercentile(99) / NANOS_A_MICRO,
                nanos.getValueAtPercentile(99.9) / NANOS_A_MICRO,
                nanos.getMaxValue() / NANOS_A_MICRO);
    }
}
