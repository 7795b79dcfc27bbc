package io.penstock.benchmarks.measure;

import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.PercentileCurve;
import io.penstock.benchmarks.load.Span;
import io.penstock.benchmarks.process.Rig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One run of one measurement: what it runs on, and what it has found. Used by one thread. */
public final class Session {
    /** Beyond it a round is made again. */
    private static final double STOLEN_MAX = 0.03;

    private static final int ROUNDS_MORE_MAX = 2;

    private final Rig rig;
    private final Effort effort;
    private final StolenTime stolenTime;
    private final Consumer<String> progress;
    private final Map<Target, Findings> findings = new LinkedHashMap<>();
    private final List<TimeLine> timeLines = new ArrayList<>();
    private final List<Curves> curves = new ArrayList<>();

    private long roundBeganNanos = System.nanoTime();

    /**
     * @param stolenTime stays the caller's to close
     * @param progress told in words what is going on
     */
    public Session(Measurement measurement, Rig rig, Effort effort, StolenTime stolenTime, Consumer<String> progress) {
        this.rig = rig;
        this.effort = effort;
        this.stolenTime = stolenTime;
        this.progress = progress;
        measurement.targets().forEach(target -> findings.put(target, new Findings()));
    }

    /** A run in which something happened, for a picture. */
    public record TimeLine(String name, String title, LoadReport load, Map<String, List<Double>> momentsSeconds) {}

    /** Runs whose latencies are to be seen side by side. */
    public record Curves(String name, String title, Map<String, PercentileCurve> byRun) {}

    /** {@code ofRound}: problems of the round that is under way. */
    private record Findings(List<Round> rounds, List<String> failures, List<String> problems, List<String> ofRound) {
        Findings() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    public Rig rig() {
        return rig;
    }

    public Effort effort() {
        return effort;
    }

    /** Says what is going on. */
    public void progress(String what) {
        progress.accept(what);
    }

    /**
     * Whether there is to be another round: until there are as many as there should be of which there is nothing to say
     * against, and at most {@value #ROUNDS_MORE_MAX} more.
     */
    public boolean wantsRound(Target target) {
        List<Round> rounds = find(target).rounds;
        roundBeganNanos = System.nanoTime();
        long calm = rounds.stream()
                .filter(round -> round.isSound() && round.stolen() <= STOLEN_MAX)
                .count();
        return calm < effort.rounds() && rounds.size() < effort.rounds() + (effort.isQuick() ? 0 : ROUNDS_MORE_MAX);
    }

    /** Adds a round that took place since the last one, or since {@link #wantsRound} was asked. */
    public void add(Target target, double measured, double baseline) {
        long now = System.nanoTime();
        add(target, measured, baseline, List.of(new Span(roundBeganNanos, now)));
        roundBeganNanos = now;
    }

    /** Adds a round that took place at these times. */
    public void add(Target target, double measured, double baseline, List<Span> spans) {
        double spanNanos = spans.stream().mapToLong(Span::nanos).sum();
        double stolenNanos = spans.stream()
                .mapToDouble(span -> stolenTime.shareBetween(span.fromNanos(), span.toNanos()) * span.nanos())
                .sum();
        double stolen = spanNanos == 0 ? 0 : stolenNanos / spanNanos;
        Findings findings = find(target);
        Round round = new Round(measured, baseline, stolen, findings.ofRound);
        findings.ofRound.clear();
        findings.rounds.add(round);
        progress(target.name() + ": " + Figures.of(measured) + " against " + Figures.of(baseline) + " " + target.unit()
                + " = " + Figures.ratio(round.ratio()) + " B (goal " + target.goal() + "), stolen "
                + Figures.of(100 * stolen) + " %"
                + (round.isSound() ? "" : ", not to be trusted: " + round.problems()));
    }

    /** The promise is broken, whatever the figures say. */
    public void fail(Target target, String why) {
        find(target).failures.add(why);
    }

    /** The figures of the round that is under way are not to be trusted. */
    public void distrustRound(Target target, String why) {
        find(target).ofRound.add(why);
    }

    /** The figures are not to be trusted. */
    public void distrust(Target target, String why) {
        find(target).problems.add(why);
    }

    /** Passes on what a load of one round was not to be trusted for, and errors its callers saw. */
    public void checkRound(Target target, LoadReport load) {
        load.problems().forEach(problem -> distrustRound(target, problem));
        failIfWrong(target, load);
    }

    /** Passes on what a load of all rounds was not to be trusted for, and errors its callers saw. */
    public void check(Target target, LoadReport load) {
        load.problems().forEach(problem -> distrust(target, problem));
        failIfWrong(target, load);
    }

    private void failIfWrong(Target target, LoadReport load) {
        long wrong = Loads.failures(load);
        if (wrong > 0) {
            fail(target, wrong + " of the calls failed: " + load.statuses() + " " + load.outcomes());
        }
    }

    /** Keeps a run for a picture. */
    public void keep(TimeLine timeLine) {
        timeLines.add(timeLine);
    }

    public void keep(Curves runs) {
        curves.add(runs);
    }

    public List<Curves> curves() {
        return List.copyOf(curves);
    }

    public List<TimeLine> timeLines() {
        return List.copyOf(timeLines);
    }

    /** What was found, a result for each target. */
    public List<Result> results() {
        List<Result> results = new ArrayList<>();
        findings.forEach((target, found) -> results.add(new Result(
                target,
                found.rounds,
                found.failures,
                found.problems.stream().distinct().toList())));
        return results;
    }

    private Findings find(Target target) {
        Findings found = findings.get(target);
        if (found == null) {
            throw new IllegalArgumentException(target.name() + " is no target of this measurement");
        }
        return found;
    }
}
