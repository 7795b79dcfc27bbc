package io.penstock.benchmarks.load;

import java.util.Arrays;
import java.util.Locale;

/** A figure over several rounds. */
public record Spread(double median, double lowest, double highest) {
    /** Of at least one figure. */
    public static Spread of(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    String toText() {
        return String.format(Locale.ROOT, "%,.0f (%,.0f–%,.0f)", median, lowest, highest);
    }
}
