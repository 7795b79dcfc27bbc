package io.penstock.benchmarks.load;

import java.util.random.RandomGenerator;

/** How the gaps between the calls of an open loop vary. */
public enum Arrivals {
    /** Every gap is the same. */
    CONSTANT {
        @Override
        double nextGapNanos(double meanNanos, RandomGenerator random) {
            return meanNanos;
        }
    },
    /** Calls are independent of each other: gaps are exponentially distributed. */
    POISSON {
        @Override
        double nextGapNanos(double meanNanos, RandomGenerator random) {
            return random.nextExponential() * meanNanos;
        }
    };

    abstract double nextGapNanos(double meanNanos, RandomGenerator random);
}
