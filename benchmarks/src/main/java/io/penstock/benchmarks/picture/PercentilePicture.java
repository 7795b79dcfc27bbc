package io.penstock.benchmarks.picture;

import io.penstock.benchmarks.load.PercentileCurve;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Distributions of latency, one line a run. Each step to the right leaves a tenth of the calls, so that the tail, which
 * is what callers with many calls see, has as much room as the rest.
 */
public final class PercentilePicture {
    private static final double MICROS_MIN = 1;

    private PercentilePicture() {}

    /** Writes a picture of runs by name, in the order of the map. */
    public static void write(Path png, String title, Map<String, PercentileCurve> runs) {
        LinePicture picture = new LinePicture(title, "share of calls answered within", "latency, µs").logarithmic();
        double last = 1;
        for (Map.Entry<String, PercentileCurve> run : runs.entrySet()) {
            Line line = new Line(run.getKey());
            for (PercentileCurve.Point point : run.getValue().points()) {
                double nines = -Math.log10(1 - point.share());
                line.point(nines, Math.max(MICROS_MIN, point.micros()));
                last = Math.max(last, nines);
            }
            picture.line(line);
        }
        picture.xFrom(0, last).xLabels(PercentilePicture::percentile).write(png);
    }

    private static String percentile(double nines) {
        if (nines != Math.rint(nines)) {
            return "";
        }
        int digits = (int) Math.max(0, nines - 2);
        return String.format(Locale.ROOT, "%." + digits + "f %%", 100 * (1 - Math.pow(10, -nines)));
    }
}
