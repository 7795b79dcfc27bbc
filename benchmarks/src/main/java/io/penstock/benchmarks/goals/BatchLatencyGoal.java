package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.KeyDistribution;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.measure.WarmCode;
import java.time.Duration;
import java.util.List;

/**
 * What p99 does a batch of 100 misses have on a server with little to do, compared with a single miss there? Open loop,
 * Poisson arrivals, any keys (uniform).
 */
record BatchLatencyGoal(Target target) implements Measurement {
    private static final Duration LEAD_IN = Duration.ofMillis(500);
    private static final int BATCH = 100;
    private static final double SINGLES_A_SECOND = 2_000;
    private static final double BATCHES_A_SECOND = 250;

    /** There are few batches a second, and a p99 wants many. */
    private static final int BATCH_TIME_FACTOR = 2;

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
        ReadRig rig = ReadRig.start(session, session.rig().redis().url(), false, 0);
        Effort effort = session.effort();
        Calls singles = Loads.uniform(rig.data());
        Calls batches = Loads.lookups(rig.data(), BATCH, KeyDistribution.UNIFORM);
        String server = rig.server().address();
        session.rig()
                .note("rate", (int) SINGLES_A_SECOND + " single look-ups/s, " + (int) BATCHES_A_SECOND + " batches/s");
        Loads.saturate(server, singles, Duration.ZERO, effort.warmUp());
        Loads.closed(server, batches, 8, Duration.ZERO, effort.warmUp());
        WarmCode.await(session, List.of(rig.server().pid()), span -> {
            Loads.open(server, singles, SINGLES_A_SECOND, Duration.ZERO, span.dividedBy(2));
            Loads.open(server, batches, BATCHES_A_SECOND, Duration.ZERO, span.dividedBy(2));
        });
        while (session.wantsRound(target)) {
            LoadReport single = Loads.open(server, singles, SINGLES_A_SECOND, effort.time(LEAD_IN), effort.measured());
            LoadReport batch = Loads.open(
                    server,
                    batches,
                    BATCHES_A_SECOND,
                    effort.time(LEAD_IN),
                    effort.measured().multipliedBy(BATCH_TIME_FACTOR));
            session.checkRound(target, single);
            session.checkRound(target, batch);
            session.add(target, batch.answered().p99Micros(), single.answered().p99Micros());
        }
    }
}
