package io.penstock.benchmarks.load;

import java.time.Duration;

/** What decides when a call is sent. */
public sealed interface Pace {
    /**
     * Calls start when they are due, whether or not earlier ones were answered, as independent callers' do. Latency counts
     * from the moment a call was due, so that a stall shows in every call it held up.
     *
     * @param callsPerSecond over all event loops
     * @param arrivals how the gaps between calls vary
     * @param budgetP99 what the server is measured against; the driver's own lag may take a tenth of it
     */
    record OpenLoop(double callsPerSecond, Arrivals arrivals, Duration budgetP99) implements Pace {
        public static final Duration DEFAULT_BUDGET_P99 = Duration.ofMillis(5);

        public OpenLoop {
            if (!(callsPerSecond > 0 && callsPerSecond <= 1e7)) {
                throw new IllegalArgumentException("rate: " + callsPerSecond + " (expected: > 0, <= 10000000)");
            }
            if (budgetP99.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException("p99 budget: " + budgetP99 + " (expected: >= 1 ms)");
            }
        }
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
    }
}
