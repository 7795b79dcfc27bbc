package io.penstock.benchmarks.load;

import io.grpc.Status;
import java.io.IOException;
import org.HdrHistogram.Histogram;

/** What one event loop of the driver saw in the measured span. Confined to that loop until the run is over. */
final class Recorder {
    /** Higher values count as this one. */
    private static final long NANOS_MAX = 3_600_000_000_000L;

    private static final int SIGNIFICANT_DIGITS = 3;

    final Histogram answeredNanos = histogram();
    final Histogram failedNanos = histogram();
    final Histogram lagNanos = histogram();
    final long[] statuses = new long[Status.Code.values().length];
    final OutcomeCounts outcomes = new OutcomeCounts();

    /** Calls answered inside the measured span, whenever they began. */
    long answeredInSpan;

    /** Calls due in the measured span that were not sent because too many were under way. */
    long withheld;

    long unreadable;

    void sent(long lag) {
        record(lagNanos, lag);
    }

    void answered(long latency, byte[] response, boolean batch) {
        statuses[Status.Code.OK.value()]++;
        record(answeredNanos, latency);
        try {
            if (batch) {
                outcomes.addBatch(response);
            } else {
                outcomes.addGet(response);
            }
        } catch (IOException e) {
            unreadable++;
        }
    }

    void failed(long latency, Status.Code code) {
        statuses[code.value()]++;
        record(failedNanos, latency);
    }

    void add(Recorder other) {
        answeredNanos.add(other.answeredNanos);
        failedNanos.add(other.failedNanos);
        lagNanos.add(other.lagNanos);
        for (int i = 0; i < statuses.length; i++) {
            statuses[i] += other.statuses[i];
        }
        outcomes.add(other.outcomes);
        answeredInSpan += other.answeredInSpan;
        withheld += other.withheld;
        unreadable += other.unreadable;
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.max(0, Math.min(nanos, NANOS_MAX)));
    }

    private static Histogram histogram() {
        return new Histogram(NANOS_MAX, SIGNIFICANT_DIGITS);
    }
}
