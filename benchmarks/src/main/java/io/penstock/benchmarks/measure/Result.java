package io.penstock.benchmarks.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came of a target.
 *
 * @param rounds in the order they were measured
 * @param failures why the promise is broken whatever the figures say: errors, wrong answers
 * @param problems why the figures are not to be trusted: a driver that was late, a cache that was not what it should be
 */
public record Result(Target target, List<Round> rounds, List<String> failures, List<String> problems) {
    /** What is to be said of a target. */
    public enum Verdict {
        REACHED,
        MISSED,
        /** Nothing can be said: there are no figures, or they are not to be trusted. */
        INVALID
    }

    public Result {
        rounds = List.copyOf(rounds);
        failures = List.copyOf(failures);
        problems = List.copyOf(problems);
    }

    /** The median round decides; a failure is a miss, and what is not to be trusted is neither. */
    @JsonProperty
    public Verdict verdict() {
        if (!failures.isEmpty()) {
            return Verdict.MISSED;
        }
        if (!problems.isEmpty() || rounds.isEmpty() || Double.isNaN(ratio())) {
            return Verdict.INVALID;
        }
        return target.isReachedBy(ratio()) ? Verdict.REACHED : Verdict.MISSED;
    }

    /** Of the median round; NaN without one. */
    @JsonProperty
    public double ratio() {
        return median(Round::ratio);
    }

    @JsonProperty
    public double ratioMin() {
        return rounds.stream().mapToDouble(Round::ratio).min().orElse(Double.NaN);
    }

    @JsonProperty
    public double ratioMax() {
        return rounds.stream().mapToDouble(Round::ratio).max().orElse(Double.NaN);
    }

    @JsonProperty
    public double measured() {
        return median(Round::measured);
    }

    @JsonProperty
    public double baseline() {
        return median(Round::baseline);
    }

    private double median(ToDoubleFunction<Round> of) {
        double[] sorted = rounds.stream().mapToDouble(of).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
