package io.penstock.benchmarks.load;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** All of a distribution, to draw it: the further out, the closer its points, so that the tail is seen. */
public record PercentileCurve(@JsonValue List<Point> points) {
    private static final int POINTS_A_HALVING = 4;

    /**
     * A point.
     *
     * @param share of the calls that took at most {@code micros}, below 1
     */
    public record Point(double share, double micros) {}

    static PercentileCurve of(Histogram nanos) {
        List<Point> points = new ArrayList<>();
        for (HistogramIterationValue value : nanos.percentiles(POINTS_A_HALVING)) {
            double share = value.getPercentileLevelIteratedTo() / 100;
            if (share < 1) {
                points.add(new Point(share, value.getValueIteratedTo() / 1e3));
            }
        }
        return new PercentileCurve(List.copyOf(points));
    }
}
