package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.KeyDistribution;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import java.time.Duration;
import java.util.List;

/**
 * How many calls a second does a saturated server answer, compared with the echo of the same bytes? 128 calls in flight over
 * eight connections; hits ask for popular keys (Zipf), misses for any (uniform).
 *
 * @param isEmbedded on the embedded store, else on Redis
 * @param batch keys a call; 0 = single look-ups
 */
record ThroughputGoal(Target target, boolean isEmbedded, boolean isCached, int batch) implements Measurement {
    private static final Duration LEAD_IN = Duration.ofMillis(500);
    private static final int BATCHES_IN_FLIGHT = 32;
    private static final int LOOKUPS_IN_FLIGHT = 128;

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
        String store = isEmbedded
                ? session.rig().embeddedStore()
                : session.rig().redis().url();
        ReadRig rig = ReadRig.start(session, store, isCached, batch);
        Effort effort = session.effort();
        Calls calls = Loads.lookups(rig.data(), batch, isCached ? KeyDistribution.ZIPF : KeyDistribution.UNIFORM);
        load(rig.echo().address(), calls, Duration.ZERO, effort.warmUp());
        load(rig.server().address(), calls, Duration.ZERO, effort.warmUp());
        while (session.wantsRound(target)) {
            LoadReport echo = rig.onEcho(
                    session, target, () -> load(rig.echo().address(), calls, lead(effort), effort.measured()));
            LoadReport server = rig.onServer(
                    session, target, () -> load(rig.server().address(), calls, lead(effort), effort.measured()));
            session.add(target, server.callsPerSecond(), echo.callsPerSecond());
        }
        if (!isCached && !isEmbedded) {
            AllLoops.note(
                    session,
                    target,
                    store,
                    calls,
                    inFlight(),
                    LEAD_IN,
                    () -> load(rig.echo().address(), calls, LEAD_IN, effort.measured())
                            .callsPerSecond());
        }
    }

    private static Duration lead(Effort effort) {
        return effort.time(LEAD_IN);
    }

    private LoadReport load(String server, Calls calls, Duration warmUp, Duration measured)
            throws InterruptedException {
        return Loads.closed(server, calls, inFlight(), warmUp, measured);
    }

    private int inFlight() {
        return batch > 0 ? BATCHES_IN_FLIGHT : LOOKUPS_IN_FLIGHT;
    }
}
