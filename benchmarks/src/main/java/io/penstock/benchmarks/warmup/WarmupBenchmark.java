package io.penstock.benchmarks.warmup;

import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.Timeline;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.measure.WarmCode;
import io.penstock.benchmarks.process.EchoProcess;
import io.penstock.benchmarks.process.ServeProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What p99 do callers see in the first ten seconds after a server calls itself ready, compared with what they see of the
 * same process later?
 *
 * <p>Open loop at a constant rate, Poisson arrivals, popular keys (Zipf), the server's default cache and flags. The driver
 * is warm and the server is started anew each round; the load begins when {@code /readyz} answers 200. The baseline is the
 * span's last eight seconds, after three that belong to neither.
 */
public final class WarmupBenchmark implements Measurement {
    public static final double DEFAULT_CALLS_PER_SECOND = 5_000;

    private static final Target P99 = Target.atMost(
            2, "warmup", "p99 of the first 10 s after readiness", "p99 of the same process, 13 to 21 s after", "µs");

    private static final int VALUE_BYTES = 200;

    /** Each takes most of a minute. */
    private static final int ROUNDS_MAX = 3;

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration BETWEEN = Duration.ofSeconds(3);
    private static final Duration STEADY = Duration.ofSeconds(8);

    private final double callsPerSecond;

    public WarmupBenchmark(double callsPerSecond) {
        if (!(callsPerSecond > 0)) {
            throw new IllegalArgumentException("rate: " + callsPerSecond + " (expected: > 0)");
        }
        this.callsPerSecond = callsPerSecond;
    }

    @Override
    public String name() {
        return "warmup";
    }

    @Override
    public List<Target> targets() {
        return List.of(P99);
    }

    @Override
    public void run(Session session) throws InterruptedException {
        Effort effort = session.effort();
        SyntheticData data = SyntheticData.of(effort.rows(), VALUE_BYTES);
        String store = session.rig().redis().url();
        session.progress("publishing " + data.describe());
        session.rig().publishFirst(store, data);
        double rate = effort.isQuick() ? callsPerSecond / 10 : callsPerSecond;
        session.rig().note("rate", rate + " calls/s");
        warmDriver(session, data, rate);
        for (int round = 0; round < Math.min(ROUNDS_MAX, effort.rounds()); round++) {
            round(session, store, data, rate, round);
        }
    }

    /** At full speed first, then as in the rounds: another way to wait, and another way through the driver. */
    private static void warmDriver(Session session, SyntheticData data, double rate) throws InterruptedException {
        Effort effort = session.effort();
        try (EchoProcess echo = session.rig().echo(Loads.popular(data).method(), new byte[VALUE_BYTES])) {
            Loads.saturate(echo.address(), Loads.popular(data), Duration.ZERO, effort.warmUp());
            WarmCode.await(
                    session,
                    List.of(echo.pid()),
                    span -> Loads.open(echo.address(), Loads.popular(data), rate, Duration.ZERO, span));
        }
    }

    private static void round(Session session, String store, SyntheticData data, double rate, int round)
            throws InterruptedException {
        Effort effort = session.effort();
        Duration first = effort.time(FIRST);
        Duration between = effort.time(BETWEEN);
        Duration steady = effort.time(STEADY);
        try (ServeProcess server = session.rig().serveReady(store, Map.of())) {
            LoadReport report = Loads.open(
                    server.address(),
                    Loads.popular(data),
                    rate,
                    Duration.ZERO,
                    first.plus(between).plus(steady));
            session.checkRound(P99, report);
            Timeline timeline = report.timeline();
            long start = timeline.startNanos();
            long steadyFrom = start + first.plus(between).toNanos();
            session.add(
                    P99,
                    timeline.answeredBetween(start, start + first.toNanos() - 1).p99Micros(),
                    timeline.answeredBetween(steadyFrom, steadyFrom + steady.toNanos() - 1)
                            .p99Micros());
            if (round == 0) {
                session.keep(new Session.TimeLine(
                        "warmup",
                        "Latency after readiness",
                        report,
                        Map.of("steady from", List.of((steadyFrom - start) / 1e9))));
            }
        }
    }
}
