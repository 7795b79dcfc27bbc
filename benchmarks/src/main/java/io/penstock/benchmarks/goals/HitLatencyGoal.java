package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Figures;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Saturation;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.measure.WarmCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What p99 do callers of cached rows see at half of what the echo can answer, compared with the echo's own p99 at that rate?
 * Open loop, Poisson arrivals, popular keys (Zipf).
 */
record HitLatencyGoal(Target target) implements Measurement {
    private static final Duration LEAD_IN = Duration.ofMillis(500);
    /** A p99 wants many calls. */
    private static final int TIME_FACTOR = 2;

    private static final double SHARE_OF_SATURATION = 0.5;

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public List<Target> targets() {
        return List.of(target);
    }

    @Override
    public void run(Session session) throws InterruptedException {
        ReadRig rig = ReadRig.start(session, session.rig().redis().url(), true, 0);
        Effort effort = session.effort();
        Calls calls = Loads.popular(rig.data());
        Loads.saturate(rig.server().address(), calls, Duration.ZERO, effort.warmUp());
        double closed = Loads.saturate(rig.echo().address(), calls, effort.warmUp(), effort.measured())
                .callsPerSecond();
        double saturation = Saturation.search(session, rig.echo().address(), calls, closed);
        if (saturation == 0) {
            throw new BenchmarkException(
                    BenchmarkException.Code.CHILD_FAILED,
                    "the echo answers " + Figures.of(closed)
                            + " calls/s in a closed loop and no fifth of that in an open one",
                    null);
        }
        double rate = saturation * SHARE_OF_SATURATION;
        session.rig()
                .note(
                        "rate",
                        Figures.of(rate) + " calls/s, half of the " + Figures.of(saturation)
                                + " that the echo keeps up with in an open loop (closed: " + Figures.of(closed) + ")");
        WarmCode.await(session, List.of(rig.echo().pid(), rig.server().pid()), span -> {
            Loads.open(rig.echo().address(), calls, rate, Duration.ZERO, span.dividedBy(2));
            Loads.open(rig.server().address(), calls, rate, Duration.ZERO, span.dividedBy(2));
        });
        while (session.wantsRound(target)) {
            LoadReport echo = rig.onEcho(session, target, () -> open(rig.echo().address(), calls, rate, effort));
            LoadReport server =
                    rig.onServer(session, target, () -> open(rig.server().address(), calls, rate, effort));
            session.add(target, server.answered().p99Micros(), echo.answered().p99Micros());
            if (!session.wantsRound(target)) {
                session.keep(new Session.Curves(
                        target.name(),
                        "Cached Get and echo at " + Figures.of(rate) + " calls/s",
                        Map.of("cached Get", server.curve(), "echo", echo.curve())));
            }
        }
    }

    private static LoadReport open(String server, Calls calls, double rate, Effort effort) throws InterruptedException {
        return Loads.open(
                server, calls, rate, effort.time(LEAD_IN), effort.measured().multipliedBy(TIME_FACTOR));
    }
}
