package io.penstock.benchmarks.measure;

import io.penstock.benchmarks.load.Calls;
import io.penstock.benchmarks.load.LoadReport;
import io.penstock.benchmarks.load.Timeline;
import java.time.Duration;

/**
 * The highest rate at which a server answers independent callers for as long as they like: open loop, Poisson arrivals, no
 * call failing, no backlog growing.
 *
 * <p>A closed loop finds more: with 128 calls in flight on eight connections a server reads, answers and writes a dozen calls a
 * turn, and the client never waits for one that is late. Half of that can be all a server has for callers who come one by one.
 */
public final class Saturation {
    private static final Duration LEAD_IN = Duration.ofSeconds(1);
    private static final Duration MEASURED = Duration.ofMillis(2500);
    private static final Duration LAST = Duration.ofMillis(500);

    /** A rate that is half a percent too high makes callers wait this long after two seconds. */
    private static final double BACKLOG_MICROS_MAX = 10_000;

    /** A search ends within a fortieth of the closed loop's rate. */
    private static final int STEPS = 5;

    private static final double LEAST = 0.2;

    private Saturation() {}

    /** Whether a server keeps up with a rate. */
    @FunctionalInterface
    interface Trial {
        boolean isSustained(double callsPerSecond) throws InterruptedException;
    }

    /**
     * Searches below what a closed loop gives.
     *
     * @param closedLoopRate calls a second with 128 in flight
     * @return calls a second; 0 when even a fifth of that is too much
     */
    public static double search(Session session, String server, Calls calls, double closedLoopRate)
            throws InterruptedException {
        if (session.effort().isQuick()) {
            return closedLoopRate * LEAST; // a cold server bears nothing for long
        }
        return search(closedLoopRate, STEPS, rate -> {
            LoadReport load = Loads.open(server, calls, rate, LEAD_IN, MEASURED);
            boolean isSustained = isSustained(load);
            session.progress(Figures.of(rate) + " calls/s: " + (isSustained ? "sustained" : "too much") + ", p50 "
                    + Figures.of(load.answered().p50Micros()) + " µs, p99 "
                    + Figures.of(load.answered().p99Micros()) + " µs");
            return isSustained;
        });
    }

    /** Halves the range between what is borne and what is not, so many times. */
    static double search(double highest, int steps, Trial trial) throws InterruptedException {
        double low = highest * LEAST;
        double high = highest;
        double sustained = 0;
        for (int step = 0; step < steps; step++) {
            double rate = (low + high) / 2;
            if (trial.isSustained(rate)) {
                sustained = rate;
                low = rate;
            } else {
                high = rate;
            }
        }
        return sustained;
    }

    private static boolean isSustained(LoadReport load) {
        Timeline timeline = load.timeline();
        long end = timeline.endNanos();
        double lastMicros = timeline.answeredBetween(end - LAST.toNanos(), end).p50Micros();
        return Loads.failures(load) == 0 && lastMicros <= BACKLOG_MICROS_MAX;
    }
}
