package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.data.Published;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.load.KeyDistribution;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.ApiCalls;
import io.penstock.benchmarks.process.EchoProcess;
import io.penstock.benchmarks.process.Metrics;
import io.penstock.benchmarks.process.ServeProcess;
import java.util.Map;

/**
 * A server with one dataset, either all of it in the near cache or none, and the baseline that answers with the same bytes.
 *
 * @param isCached whether every look-up is a hit; otherwise every one is a miss
 */
record ReadRig(
        ServeProcess server,
        EchoProcess echo,
        SyntheticData data,
        Published published,
        int answerBytes,
        boolean isCached) {
    static final int VALUE_BYTES = 200;

    private static final double HIT_RATIO_MIN = 0.999;

    /**
     * Publishes and starts.
     *
     * @param batch keys a call; 0 = single look-ups
     */
    static ReadRig start(Session session, String storeUrl, boolean isCached, int batch) throws InterruptedException {
        SyntheticData data = SyntheticData.of(session.effort().rows(), VALUE_BYTES);
        session.progress("publishing " + data.describe());
        Published published = session.rig().publishFirst(storeUrl, data);
        session.progress("starting server and baseline");
        ServeProcess server =
                session.rig().serveReady(storeUrl, Map.of("PENSTOCK_CACHE_MAX_BYTES", isCached ? "1GiB" : "0"));
        byte[] answer;
        try (ApiCalls calls = new ApiCalls(server)) {
            answer = calls.answer(data, batch);
            if (isCached) {
                calls.readAll(data);
            }
        }
        return new ReadRig(
                server,
                session.rig()
                        .echo(
                                Loads.lookups(data, batch, KeyDistribution.UNIFORM)
                                        .method(),
                                answer),
                data,
                published,
                answer.length,
                isCached);
    }

    /** A load on the server; what it says is not trusted if the near cache did not behave as the row promises. */
    LoadReport onServer(Session session, Target target, Loads.Load load) throws InterruptedException {
        Metrics before = server.metrics();
        LoadReport report = on(session, target, load);
        double hits = server.metrics().hitRatioSince(before);
        if (isCached ? !(hits >= HIT_RATIO_MIN) : hits > 0) {
            session.distrustRound(
                    target,
                    "the near cache answered " + Math.round(hits * 100) + " % of the keys (expected: "
                            + (isCached ? "all" : "none") + ")");
        }
        return report;
    }

    LoadReport onEcho(Session session, Target target, Loads.Load load) throws InterruptedException {
        return on(session, target, load);
    }

    private LoadReport on(Session session, Target target, Loads.Load load) throws InterruptedException {
        LoadReport report = load.run();
        session.checkRound(target, report);
        if (Math.abs(report.answerBytes() - answerBytes) > answerBytes * 0.01) {
            session.distrustRound(
                    target, "an answer had " + report.answerBytes() + " bytes (expected: " + answerBytes + ")");
        }
        return report;
    }
}
