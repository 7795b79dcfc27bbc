package io.penstock.benchmarks.load;

import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/** Which keys are asked for how often. */
public enum KeyDistribution {
    /** Every key equally often: the near cache helps as little as it can. */
    UNIFORM {
        @Override
        IntSupplier indexes(int keys, RandomGenerator random) {
            return () -> random.nextInt(keys);
        }

        @Override
        String describe() {
            return "uniform";
        }
    },
    /** A few keys most of the time, exponent 0.99. Popular keys lie far apart. */
    ZIPF {
        @Override
        IntSupplier indexes(int keys, RandomGenerator random) {
            ZipfRanks ranks = new ZipfRanks(keys, ZIPF_EXPONENT, random);
            long step = stepCoprimeTo(keys);
            return () -> (int) (ranks.next() * step % keys);
        }

        @Override
        String describe() {
            return "Zipf " + ZIPF_EXPONENT;
        }
    };

    static final double ZIPF_EXPONENT = 0.99;

    private static final double GOLDEN_SECTION = 0.618_033_988_749_895;

    /** An endless source of indexes below {@code keys}; as thread-safe as {@code random}. */
    abstract IntSupplier indexes(int keys, RandomGenerator random);

    abstract String describe();

    /** A multiplier that maps ranks to indexes one to one, and neighbours far from each other. */
    static long stepCoprimeTo(int keys) {
        long step = Math.max(1, (long) (keys * GOLDEN_SECTION));
        while (greatestCommonDivisor(step, keys) != 1) {
            step++;
        }
        return step;
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
}
