package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.data.Published;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.KeyDistribution;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Figures;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.RedisRows;
import io.penstock.benchmarks.process.RedisUnderTest;
import java.time.Duration;
import java.util.List;

/**
 * How many batches of 100 misses a second does a saturated server answer, compared with {@code redis-benchmark} reading the
 * same 100 values, one key a row, by MGET? 32 in flight each, any keys (uniform).
 */
record BatchColdGoal(Target target) implements Measurement {
    private static final Duration LEAD_IN = Duration.ofMillis(500);
    private static final int BATCH = 100;
    private static final int IN_FLIGHT = 32;
    private static final long BUCKETS_MAX = 50_000;

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
        ReadRig rig = ReadRig.start(session, redis.url(), false, BATCH);
        Effort effort = session.effort();
        MgetBaseline mget = mget(session, redis, "key", rig.data());
        session.rig().note("baseline", mget.describe());
        Calls calls = Loads.lookups(rig.data(), BATCH, KeyDistribution.UNIFORM);
        String server = rig.server().address();
        Loads.closed(server, calls, IN_FLIGHT, Duration.ZERO, effort.warmUp());
        mget.callsPerSecond(effort.time(Duration.ofSeconds(1)));
        while (session.wantsRound(target)) {
            double baseline = mget.callsPerSecond(effort.measured());
            LoadReport report = rig.onServer(
                    session,
                    target,
                    () -> Loads.closed(server, calls, IN_FLIGHT, effort.time(LEAD_IN), effort.measured()));
            session.add(target, report.callsPerSecond(), baseline);
        }
        noteBuckets(session, rig, redis);
        AllLoops.note(
                session, target, redis.url(), calls, IN_FLIGHT, LEAD_IN, () -> mget.callsPerSecond(effort.measured()));
    }

    private static MgetBaseline mget(Session session, RedisUnderTest redis, String kind, SyntheticData data) {
        RedisRows.write(redis, data, MgetBaseline.keys(kind));
        return MgetBaseline.choose(session.rig(), redis, kind, data.rows(), BATCH, IN_FLIGHT);
    }

    /** What MGET gives of as many and as large values as a batch of misses has to read: a bucket for each row. */
    private static void noteBuckets(Session session, ReadRig rig, RedisUnderTest redis) throws InterruptedException {
        Published published = rig.published();
        int bytes = (int) (published.bytes() / published.buckets());
        MgetBaseline mget =
                mget(session, redis, "bucket", SyntheticData.of(Math.min(BUCKETS_MAX, published.buckets()), bytes));
        Duration measured = session.effort().measured();
        mget.callsPerSecond(measured);
        session.rig()
                .note(
                        "MGET of " + BATCH + " values of a bucket's size, " + bytes + " bytes",
                        Figures.of(mget.callsPerSecond(measured)) + " calls/s");
    }
}
