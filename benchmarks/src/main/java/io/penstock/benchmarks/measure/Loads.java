package io.penstock.benchmarks.measure;

import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.load.Arrivals;
import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.KeyDistribution;
import io.penstock.benchmarks.load.KeySpace;
import io.penstock.benchmarks.load.LoadDriver;
import io.penstock.benchmarks.load.LoadOptions;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.Pace;
import java.time.Duration;
import java.util.Map;

/** The loads that measurements put on servers, in this process. */
public final class Loads {
    /** Over eight connections, as {@code h2load -c8 -m16}. */
    private static final int IN_FLIGHT = 128;

    /** The driver may add a tenth of this to a p99. */
    private static final Duration BUDGET = Duration.ofMillis(5);

    private Loads() {}

    /** A load that is described and not yet run. */
    @FunctionalInterface
    public interface Load {
        LoadReport run() throws InterruptedException;
    }

    /** Single look-ups of any row, each as likely as another. */
    public static Calls uniform(SyntheticData data) {
        return lookups(data, 0, KeyDistribution.UNIFORM);
    }

    /** Single look-ups, most of them of a few rows. */
    public static Calls popular(SyntheticData data) {
        return lookups(data, 0, KeyDistribution.ZIPF);
    }

    /**
     * Look-ups of rows that are there.
     *
     * @param batch keys a call; 0 = single look-ups
     */
    public static Calls lookups(SyntheticData data, int batch, KeyDistribution distribution) {
        return new Calls.Lookups(
                data.dataset(), batch, Calls.Keys.of(KeySpace.range(0, data.rows() - 1), distribution));
    }

    /** As many calls as the server answers, 128 in flight. */
    public static LoadReport saturate(String server, Calls calls, Duration warmUp, Duration measured)
            throws InterruptedException {
        return run(LoadOptions.Target.of(server), calls, new Pace.ClosedLoop(IN_FLIGHT), warmUp, measured);
    }

    /** As many calls as the server answers, with as many in flight as the caller says. */
    public static LoadReport closed(String server, Calls calls, int inFlight, Duration warmUp, Duration measured)
            throws InterruptedException {
        LoadOptions.Target target = new LoadOptions.Target(
                server,
                Math.min(inFlight, LoadOptions.Target.DEFAULT_CONNECTIONS),
                1,
                LoadOptions.Target.DEFAULT_DEADLINE);
        return run(target, calls, new Pace.ClosedLoop(inFlight), warmUp, measured);
    }

    /**
     * Calls when they are due, at random moments; the driver sleeps between them, so that others get the cores. One that
     * spins is on time to the microsecond, but with two cores a server's thread may be queued behind it: p99 of tens of
     * milliseconds were seen at 10,000 calls a second.
     */
    public static LoadReport open(String server, Calls calls, double rate, Duration warmUp, Duration measured)
            throws InterruptedException {
        Pace pace = new Pace.OpenLoop(rate, Arrivals.POISSON, BUDGET, Pace.Waiting.SLEEP);
        return run(LoadOptions.Target.of(server), calls, pace, warmUp, measured);
    }

    private static LoadReport run(LoadOptions.Target target, Calls calls, Pace pace, Duration warmUp, Duration measured)
            throws InterruptedException {
        return LoadDriver.run(new LoadOptions(target, calls, pace, new LoadOptions.Span(warmUp, measured)));
    }

    /** Calls that ended with a status other than OK, and keys that were not found: every key asked for has a row. */
    public static long failures(LoadReport load) {
        return allBut("OK", load.statuses()) + allBut("FOUND", load.outcomes());
    }

    private static long allBut(String good, Map<String, Long> counts) {
        return counts.entrySet().stream()
                .filter(count -> !count.getKey().equals(good))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
