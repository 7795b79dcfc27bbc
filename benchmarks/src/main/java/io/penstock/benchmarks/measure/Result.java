package io.penstock.benchmarks.measure;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What came of a target.
 *
 * <p>On a shared machine some rounds are disturbed, and that is known without looking at what they found: those in which the
 * driver was late are left out, and so are those of which the host took more away than of half of the others.
 *
 * @param rounds in the order they were measured, disturbed ones included
 * @param failures why the promise is broken whatever the figures say: errors, wrong answers
 * @param problems why no round is to be trusted
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

    /** So much of the machine is taken from everybody. */
    private static final double STOLEN_AT_ALL_TIMES = 0.01;

    /** The median of the rounds that count decides; a failure is a miss, and what is not to be trusted is neither. */
    @JsonProperty
    public Verdict verdict() {
        if (!failures.isEmpty()) {
            return Verdict.MISSED;
        }
        if (!problems.isEmpty() || 2 * sound().size() < rounds.size() || Double.isNaN(ratio())) {
            return Verdict.INVALID;
        }
        return target.isReachedBy(ratio()) ? Verdict.REACHED : Verdict.MISSED;
    }

    /** Of the median of the rounds that count; NaN without one. */
    @JsonProperty
    public double ratio() {
        return median(Round::ratio);
    }

    @JsonProperty
    public double ratioMin() {
        return counting().stream().mapToDouble(Round::ratio).min().orElse(Double.NaN);
    }

    @JsonProperty
    public double ratioMax() {
        return counting().stream().mapToDouble(Round::ratio).max().orElse(Double.NaN);
    }

    @JsonProperty
    public double measured() {
        return median(Round::measured);
    }

    @JsonProperty
    public double baseline() {
        return median(Round::baseline);
    }

    /** How many rounds decide. */
    @JsonProperty
    public int roundsCounted() {
        return counting().size();
    }

    private List<Round> sound() {
        return rounds.stream().filter(Round::isSound).toList();
    }

    /** Sound ones, without those that were robbed more than the median one. */
    private List<Round> counting() {
        List<Round> sound = sound();
        if (sound.isEmpty()) {
            return rounds;
        }
        double[] stolen = sound.stream().mapToDouble(Round::stolen).sorted().toArray();
        double limit = Math.max(STOLEN_AT_ALL_TIMES, stolen[stolen.length / 2]);
        return sound.stream().filter(round -> round.stolen() <= limit).toList();
    }

    private double median(ToDoubleFunction<Round> of) {
        double[] sorted = counting().stream().mapToDouble(of).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
