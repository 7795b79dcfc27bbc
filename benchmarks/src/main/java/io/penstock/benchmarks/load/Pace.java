package io.penstock.benchmarks.load;

import java.time.Duration;
import java.util.Locale;

/** What decides when a call is sent. */
public sealed interface Pace {
    /** For the conditions of a report. */
    String describe();

    /** The part of one event loop, of {@code loops} equal ones. */
    Pace share(int loop, int loops);

    /**
     * Calls start when they are due, whether or not earlier ones were answered, as independent callers' do. Latency counts
     * from the moment a call was due, so that a stall shows in every call it held up.
     *
     * @param callsPerSecond over all event loops
     * @param arrivals how the gaps between calls vary
     * @param budgetP99 what the server is measured against; the driver's own lag may take a tenth of it
     * @param waiting what the driver's threads do until the next call is due
     */
    record OpenLoop(double callsPerSecond, Arrivals arrivals, Duration budgetP99, Waiting waiting) implements Pace {
        public static final Duration DEFAULT_BUDGET_P99 = Duration.ofMillis(5);

        public OpenLoop {
            if (!(callsPerSecond > 0 && callsPerSecond <= 1e7)) {
                throw new IllegalArgumentException("rate: " + callsPerSecond + " (expected: > 0, <= 10000000)");
            }
            if (budgetP99.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("p99 budget: " + budgetP99 + " (expected: >= 1 ms)");
            }
        }

        /** A budget of 5 ms. */
        public static OpenLoop of(double callsPerSecond, Arrivals arrivals) {
            return new OpenLoop(callsPerSecond, arrivals, DEFAULT_BUDGET_P99, Waiting.SPIN);
        }

        boolean spins() {
            return waiting == Waiting.SPIN;
        }

        @Override
        public OpenLoop share(int loop, int loops) {
            return new OpenLoop(callsPerSecond / loops, arrivals, budgetP99, waiting);
        }

        @Override
        public String describe() {
            return String.format(
                    Locale.ROOT,
                    "open loop, %,.0f calls/s, %s arrivals, p99 budget %d ms, driver %s",
                    callsPerSecond,
                    arrivals == Arrivals.POISSON ? "Poisson" : "constant",
                    budgetP99.toMillis(),
                    spins() ? "spins" : "sleeps");
        }
    }

    /** What a thread of the driver does until the next call is due. */
    enum Waiting {
        /** It takes a core for itself and is never late for a timer's sake. */
        SPIN,
        /** It leaves the core to others, and is late by what the kernel needs to wake it. */
        SLEEP
    }

    /**
     * The next call starts when one is answered: finds the capacity. Its latencies say nothing about a service under a
     * given load.
     *
     * @param inFlight calls that are always under way
     */
    record ClosedLoop(int inFlight) implements Pace {
        public ClosedLoop {
            if (inFlight < 1 || inFlight > 100_000) {
                throw new IllegalArgumentException("in flight: " + inFlight + " (expected: 1 to 100000)");
            }
        }

        @Override
        public ClosedLoop share(int loop, int loops) {
            return new ClosedLoop(Math.max(1, inFlight / loops + (loop < inFlight % loops ? 1 : 0)));
        }

        @Override
        public String describe() {
            return "closed loop, " + inFlight + " in flight";
        }
    }
}
