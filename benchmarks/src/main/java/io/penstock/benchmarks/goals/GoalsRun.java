package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.StolenTime;
import io.penstock.benchmarks.process.Distribution;
import io.penstock.benchmarks.process.Rig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Measures one thing after the other, each on processes of its own. What cannot be measured does not keep the others. */
public final class GoalsRun {
    private final Distribution distribution;
    private final @Nullable String redisUrl;
    private final Effort effort;
    private final Consumer<String> progress;

    /**
     * @param redisUrl an empty Redis to use instead of one a measurement
     * @param progress told in words what is going on
     */
    public GoalsRun(Distribution distribution, @Nullable String redisUrl, Effort effort, Consumer<String> progress) {
        this.distribution = distribution;
        this.redisUrl = redisUrl;
        this.effort = effort;
        this.progress = progress;
    }

    /** A quick look does not wait for servers to warm themselves. */
    private Map<String, String> serverEnvironment() {
        return effort.isQuick() ? Map.of("PENSTOCK_WARMUP_DURATION", "0s") : Map.of();
    }

    /** Blocks until all of them are done. */
    public GoalsReport run(List<Measurement> measurements) throws InterruptedException {
        List<GoalsReport.Measured> measured = new ArrayList<>();
        List<Session.TimeLine> timeLines = new ArrayList<>();
        List<Session.Curves> curves = new ArrayList<>();
        for (Measurement measurement : measurements) {
            progress.accept("== " + measurement.name());
            long start = System.nanoTime();
            try (Rig rig = new Rig(distribution, redisUrl, serverEnvironment());
                    StolenTime stolenTime = StolenTime.watch()) {
                Session session = new Session(measurement, rig, effort, stolenTime, progress);
                try {
                    measurement.run(session);
                } catch (BenchmarkException e) {
                    measurement.targets().forEach(target -> session.distrust(target, String.valueOf(e.getMessage())));
                    progress.accept("cannot be measured: " + e.getMessage());
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                measured.add(
                        new GoalsReport.Measured(measurement.name(), rig.conditions(), seconds, session.results()));
                timeLines.addAll(session.timeLines());
                curves.addAll(session.curves());
            }
        }
        return new GoalsReport(effort.rounds(), effort.isQuick(), measured, timeLines, curves);
    }
}
