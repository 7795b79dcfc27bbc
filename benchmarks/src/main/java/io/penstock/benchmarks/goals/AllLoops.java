package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Figures;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.ServeProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a server gives as it starts when nobody says how many event loops it is to have: one a processor. Goals compare one
 * loop with one; this is noted among their conditions, by turns with the same baseline.
 */
final class AllLoops {
    private static final int ROUNDS = 3;

    private AllLoops() {}

    /** How many calls a second something answers. */
    @FunctionalInterface
    interface Rate {
        double callsPerSecond() throws InterruptedException;
    }

    /** Measures a server without a near cache. */
    static void note(
            Session session, Target target, String storeUrl, Calls calls, int inFlight, Duration leadIn, Rate baseline)
            throws InterruptedException {
        Effort effort = session.effort();
        if (effort.isQuick()) {
            return;
        }
        int loops = Runtime.getRuntime().availableProcessors();
        Map<String, String> environment =
                Map.of("PENSTOCK_CACHE_MAX_BYTES", "0", "PENSTOCK_EVENT_LOOPS", String.valueOf(loops));
        List<String> rounds = new ArrayList<>();
        try (ServeProcess server = session.rig().serveReady(storeUrl, environment)) {
            Loads.closed(server.address(), calls, inFlight, Duration.ZERO, effort.warmUp());
            for (int i = 0; i < ROUNDS; i++) {
                double compared = baseline.callsPerSecond();
                double measured = Loads.closed(server.address(), calls, inFlight, leadIn, effort.measured())
                        .callsPerSecond();
                rounds.add(Figures.of(measured) + " calls/s = " + Figures.ratio(measured / compared) + " B");
            }
        }
        session.progress("on " + loops + " event loops: " + rounds);
        session.rig()
                .note(target.name() + " as a server starts, with " + loops + " event loops", String.join(", ", rounds));
    }
}
