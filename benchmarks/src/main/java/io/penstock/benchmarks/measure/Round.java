package io.penstock.benchmarks.measure;

import java.util.List;

/**
 * What was measured and its baseline, one after the other on the same machine.
 *
 * @param stolen share of the processors' time that the machine's host gave to others meanwhile
 * @param problems why its figures are not to be trusted
 */
public record Round(double measured, double baseline, double stolen, List<String> problems) {
    public Round {
        problems = List.copyOf(problems);
    }

    /** Nothing is known against it. */
    public Round(double measured, double baseline) {
        this(measured, baseline, 0, List.of());
    }

    public double ratio() {
        return measured / baseline;
    }

    /** Whether there is nothing against it. */
    boolean isSound() {
        return problems.isEmpty();
    }
}
