package io.penstock.benchmarks.measure;

/**
 * A promise that can be measured: how what is measured relates to its baseline.
 *
 * @param name what it is called on the command line and in files
 * @param what is measured
 * @param baseline what it is compared with, in the same run
 * @param unit of both
 * @param bound which side of the limit is good
 * @param limit of measured ÷ baseline
 */
public record Target(String name, String what, String baseline, String unit, Bound bound, double limit) {
    /** Which side of a limit is good. */
    public enum Bound {
        AT_LEAST,
        AT_MOST
    }

    public static Target atLeast(double limit, String name, String what, String baseline, String unit) {
        return new Target(name, what, baseline, unit, Bound.AT_LEAST, limit);
    }

    public static Target atMost(double limit, String name, String what, String baseline, String unit) {
        return new Target(name, what, baseline, unit, Bound.AT_MOST, limit);
    }

    /** Whether a ratio keeps the promise; one that is no number does not. */
    public boolean isReachedBy(double ratio) {
        return switch (bound) {
            case AT_LEAST -> ratio >= limit;
            case AT_MOST -> ratio <= limit;
        };
    }

    /** {@code ≥ 0.90 B}. */
    public String goal() {
        return (bound == Bound.AT_LEAST ? "≥ " : "≤ ") + Figures.ratio(limit) + " B";
    }
}
