package io.penstock.benchmarks.picture;

import io.penstock.benchmarks.load.Timeline;
import java.nio.file.Path;
import java.util.List;

/** A run in the course of time: latency above, answers and failures below, and what happened meanwhile. */
public final class TimelinePicture {
    private static final double MICROS_MIN = 1;

    private TimelinePicture() {}

    /** Writes a picture of one run. */
    public static void write(Path png, String title, Timeline timeline, List<Mark> marks) {
        List<Timeline.Slice> slices = timeline.slices();
        Line p50 = new Line("p50");
        Line p99 = new Line("p99");
        Line answered = new Line("answered");
        Line failed = new Line("failed");
        boolean anyFailed = slices.stream().anyMatch(slice -> slice.failures() > 0);
        double sliceSeconds = Timeline.SLICE.toNanos() / 1e9;
        for (Timeline.Slice slice : slices) {
            if (slice.callsPerSecond() > 0) {
                p50.point(slice.fromSeconds(), Math.max(MICROS_MIN, slice.p50Micros()));
                p99.point(slice.fromSeconds(), Math.max(MICROS_MIN, slice.p99Micros()));
            }
            answered.point(slice.fromSeconds(), slice.callsPerSecond());
            if (anyFailed) {
                failed.point(slice.fromSeconds(), slice.failures() / sliceSeconds);
            }
        }
        LinePicture latency = new LinePicture(title, "seconds", "latency, µs")
                .logarithmic()
                .line(p50)
                .line(p99);
        LinePicture calls = new LinePicture("calls by the moment they were due", "seconds", "calls/s")
                .yFromZero()
                .line(answered)
                .line(failed);
        marks.forEach(latency::mark);
        marks.forEach(calls::mark);
        double end = slices.size() * sliceSeconds;
        LinePicture.write(png, latency.xFrom(0, end), calls.xFrom(0, end));
    }
}
