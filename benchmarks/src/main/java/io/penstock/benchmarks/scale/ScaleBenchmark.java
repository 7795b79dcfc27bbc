package io.penstock.benchmarks.scale;

import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.measure.Effort;
import io.penstock.benchmarks.measure.Loads;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.ServeProcess;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Does a look-up in a large dataset cost more than one in a small dataset?
 *
 * <p>Rows of 50 random bytes, any keys (uniform), the near cache off for both, 128 calls in flight; the cost is the inverse of
 * the saturated throughput. All datasets are in one store and served by one process, so that nothing but the rows differs.
 */
public final class ScaleBenchmark implements Measurement {
    private static final int VALUE_BYTES = 50;
    private static final Duration LEAD_IN = Duration.ofMillis(500);
    private static final double MICROS_A_SECOND = 1e6;

    private final ScaleOptions options;
    private final Map<Long, Target> targets = new LinkedHashMap<>();

    public ScaleBenchmark(ScaleOptions options) {
        this.options = options;
        for (long rows : options.steps()) {
            targets.put(rows, target(rows, rows == options.rowsMax() ? "scale" : "scale-" + rows));
        }
    }

    private static Target target(long rows, String name) {
        return Target.atMost(
                1.1,
                name,
                String.format(Locale.ROOT, "cost of a cold look-up among %,d rows", rows),
                String.format(Locale.ROOT, "among %,d rows", ScaleOptions.ROWS_MIN),
                "µs of a saturated server");
    }

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public List<Target> targets() {
        return List.copyOf(targets.values());
    }

    @Override
    public void run(Session session) throws InterruptedException {
        String given = options.storeUrl();
        String store = given == null ? session.rig().redis().url() : given;
        Effort effort = session.effort();
        SyntheticData small = data(ScaleOptions.ROWS_MIN, effort);
        Set<SyntheticData> all = new LinkedHashSet<>(List.of(small));
        targets.keySet().forEach(rows -> all.add(data(rows, effort)));
        for (SyntheticData data : all) {
            if (given == null || !StoredDatasets.isThere(store, data)) {
                session.progress("publishing " + data.describe());
                session.rig().publishFirst(store, data);
            }
        }
        ServeProcess server = session.rig().serveReady(store, Map.of("PENSTOCK_CACHE_MAX_BYTES", "0"));
        Loads.saturate(server.address(), Loads.uniform(small), Duration.ZERO, effort.warmUp());
        for (int round = 0; round < effort.rounds(); round++) {
            for (Map.Entry<Long, Target> each : targets.entrySet()) {
                double baseline = cost(session, each.getValue(), server, small);
                double measured = cost(session, each.getValue(), server, data(each.getKey(), effort));
                session.add(each.getValue(), measured, baseline);
            }
        }
    }

    private static double cost(Session session, Target target, ServeProcess server, SyntheticData data)
            throws InterruptedException {
        Effort effort = session.effort();
        LoadReport report =
                Loads.saturate(server.address(), Loads.uniform(data), effort.time(LEAD_IN), effort.measured());
        session.checkRound(target, report);
        return MICROS_A_SECOND / report.callsPerSecond();
    }

    /** Named after what it is, so that one that is there already is known to be the right one. */
    private static SyntheticData data(long rows, Effort effort) {
        long used = effort.isQuick() ? Math.min(rows, effort.rows() * (rows == ScaleOptions.ROWS_MIN ? 1 : 2)) : rows;
        return SyntheticData.of(used, VALUE_BYTES).withProduct("scale-" + used + "-" + VALUE_BYTES);
    }
}
