package io.penstock.benchmarks.measure;

import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.PercentileCurve;
import io.penstock.benchmarks.process.Rig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One run of one measurement: what it runs on, and what it has found. Used by one thread. */
public final class Session {
    private final Rig rig;
    private final Effort effort;
    private final Consumer<String> progress;
    private final Map<Target, Findings> findings = new LinkedHashMap<>();
    private final List<TimeLine> timeLines = new ArrayList<>();
    private final List<Curves> curves = new ArrayList<>();

    /** @param progress told in words what is going on */
    public Session(Measurement measurement, Rig rig, Effort effort, Consumer<String> progress) {
        this.rig = rig;
        this.effort = effort;
        this.progress = progress;
        measurement.targets().forEach(target -> findings.put(target, new Findings()));
    }

    /** A run in which something happened, for a picture. */
    public record TimeLine(String name, String title, LoadReport load, Map<String, List<Double>> momentsSeconds) {}

    /** Runs whose latencies are to be seen side by side. */
    public record Curves(String name, String title, Map<String, PercentileCurve> byRun) {}

    private record Findings(List<Round> rounds, List<String> failures, List<String> problems) {
        Findings() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
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

    /** Adds a round. */
    public void add(Target target, double measured, double baseline) {
        Round round = new Round(measured, baseline);
        find(target).rounds.add(round);
        progress(target.name() + ": " + Figures.of(measured) + " against " + Figures.of(baseline) + " " + target.unit()
                + " = " + Figures.ratio(round.ratio()) + " B (goal " + target.goal() + ")");
    }

    /** The promise is broken, whatever the figures say. */
    public void fail(Target target, String why) {
        find(target).failures.add(why);
    }

    /** The figures are not to be trusted. */
    public void distrust(Target target, String why) {
        find(target).problems.add(why);
    }

    /** Passes on what a load was not to be trusted for, and errors its callers saw. */
    public void check(Target target, LoadReport load) {
        load.problems().forEach(problem -> distrust(target, problem));
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
