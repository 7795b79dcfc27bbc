package io.penstock.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyDistributionTest {
    private static final int DRAWS = 200_000;

    @Test
    void drawsZipfRanksAsOftenAsTheirProbabilitySays() {
        int ranks = 1000;
        double exponent = KeyDistribution.ZIPF_EXPONENT;
        double sum = 0;
        for (int i = 1; i <= ranks; i++) {
            sum += Math.pow(i, -exponent);
        }
        int[] counts = new int[ranks];
        ZipfRanks zipf = new ZipfRanks(ranks, exponent, new SplittableRandom(7));
        for (int i = 0; i < DRAWS; i++) {
            counts[zipf.next()]++;
        }

        for (int rank : new int[] {0, 1, 2, 9, 99}) {
            double expected = DRAWS * Math.pow(rank + 1, -exponent) / sum;
            assertThat((double) counts[rank]).isCloseTo(expected, within(5 * Math.sqrt(expected)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 97, 1000, 65_536})
    void mapsEveryRankToItsOwnIndex(int keys) {
        long step = KeyDistribution.stepCoprimeTo(keys);
        Set<Long> indexes = new HashSet<>();
        for (long rank = 0; rank < keys; rank++) {
            indexes.add(rank * step % keys);
        }

        assertThat(indexes).hasSize(keys);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000, Integer.MAX_VALUE})
    void staysInsideTheKeySpace(int keys) {
        for (KeyDistribution distribution : KeyDistribution.values()) {
            IntSupplier indexes = distribution.indexes(keys, new SplittableRandom(7));
            for (int i = 0; i < 1000; i++) {
                assertThat(indexes.getAsInt()).isBetween(0, keys - 1);
            }
        }
    }
}
