package io.penstock.benchmarks.measure;

/** What was measured and its baseline, one after the other on the same machine. */
public record Round(double measured, double baseline) {
    public double ratio() {
        return measured / baseline;
    }
}
