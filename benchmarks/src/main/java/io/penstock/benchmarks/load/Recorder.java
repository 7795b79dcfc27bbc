package io.penstock.benchmarks.load;

import io.grpc.Status;
import io.penstock.benchmarks.wire.CallListener;
import org.HdrHistogram.Histogram;

/** What one event loop of the driver saw in the measured span. Confined to that loop until the run is over. */
final class Recorder {
    /** Higher values count as this one. */
    private static final long NANOS_MAX = 3_600_000_000_000L;

    private static final int SIGNIFICANT_DIGITS = 3;

    final Histogram answeredNanos = histogram();
    final Histogram failedNanos = histogram();
    final Histogram lagNanos = histogram();
    final long[] statuses = new long[CallListener.UNANSWERED + 1];
    final OutcomeCounts outcomes = new OutcomeCounts();
    final Timeline timeline;

    /** Calls answered inside the measured span, whenever they began. */
    long answeredInSpan;

    /** Calls due in the measured span that were not sent because too many were under way. */
    long withheld;

    /** Bytes of the answers to the calls due in the measured span. */
    long answerBytes;

    /** Calls of a closed loop that the server's limit on streams left no room for. */
    int withoutRoom;

    Recorder(long measureFrom, long measuredNanos) {
        timeline = new Timeline(measureFrom, measuredNanos);
    }

    void sent(long lag) {
        record(lagNanos, lag);
    }

    void answered(long due, long latency) {
        statuses[Status.Code.OK.value()]++;
        record(answeredNanos, latency);
        timeline.answered(due, latency);
    }

    void failed(long due, long latency, int status) {
        statuses[status]++;
        record(failedNanos, latency);
        timeline.failed(due);
    }

    void add(Recorder other) {
        answeredNanos.add(other.answeredNanos);
        failedNanos.add(other.failedNanos);
        lagNanos.add(other.lagNanos);
        for (int i = 0; i < statuses.length; i++) {
            statuses[i] += other.statuses[i];
        }
        outcomes.add(other.outcomes);
        timeline.add(other.timeline);
        answeredInSpan += other.answeredInSpan;
        withheld += other.withheld;
        answerBytes += other.answerBytes;
        withoutRoom += other.withoutRoom;
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.max(0, Math.min(nanos, NANOS_MAX)));
    }

    private static Histogram histogram() {
        return new Histogram(NANOS_MAX, SIGNIFICANT_DIGITS);
    }
}
