package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Figures;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.RedisUnderTest;
import java.time.Duration;
import java.util.List;

/**
 * How long does a miss take when nothing else is under way, compared with an echo plus a bare Lettuce GET of the bucket it
 * has to read? One call in flight each; the next leaves in the callback of the one before, on its event loop, so that no
 * thread hand-over makes a baseline slower than it is.
 */
record MissLatencyGoal(Target target) implements Measurement {
    private static final Duration LEAD_IN = Duration.ofMillis(500);

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
        RedisUnderTest redis = session.rig().redis();
        ReadRig rig = ReadRig.start(session, redis.url(), false, 0);
        Effort effort = session.effort();
        Calls calls = Loads.uniform(rig.data());
        BareGets gets = BareGets.ofBuckets(redis);
        Loads.saturate(rig.echo().address(), calls, Duration.ZERO, effort.warmUp());
        Loads.saturate(rig.server().address(), calls, Duration.ZERO, effort.warmUp());
        gets.p50Micros(effort.warmUp());
        while (session.wantsRound(target)) {
            double echo = rig.onEcho(session, target, () -> one(rig.echo().address(), calls, effort))
                    .answered()
                    .p50Micros();
            double get = gets.p50Micros(effort.measured());
            double miss = rig.onServer(session, target, () -> one(rig.server().address(), calls, effort))
                    .answered()
                    .p50Micros();
            session.progress("echo " + Figures.of(echo) + " µs, GET " + Figures.of(get) + " µs");
            session.add(target, miss, echo + get);
        }
    }

    private static LoadReport one(String server, Calls calls, Effort effort) throws InterruptedException {
        return Loads.closed(server, calls, 1, effort.time(LEAD_IN), effort.measured());
    }
}
