package io.penstock.benchmarks.load;

import java.util.random.RandomGenerator;

/**
 * Draws ranks of a Zipf distribution in constant time and memory, by rejection-inversion (W. Hörmann and G. Derflinger,
 * "Rejection-inversion to generate variates from monotone discrete distributions", 1996): the probabilities lie under the
 * curve {@code x^−exponent}, whose integral can be inverted, so a uniform point under the curve gives a rank that is
 * almost never rejected.
 */
final class ZipfRanks {
    private final int ranks;
    private final double exponent;
    private final RandomGenerator random;
    private final double areaFirst;
    private final double areaLast;
    private final double alwaysAccepted;

    /** @param exponent more than 0 and not 1 */
    ZipfRanks(int ranks, double exponent, RandomGenerator random) {
        this.ranks = ranks;
        this.exponent = exponent;
        this.random = random;
        this.areaFirst = area(1.5) - 1;
        this.areaLast = area(ranks + 0.5);
        this.alwaysAccepted = 2 - areaInverse(area(2.5) - height(2));
    }

    /** A rank from 0, the most popular, to {@code ranks − 1}. */
    int next() {
        while (true) {
            double area = areaLast + random.nextDouble() * (areaFirst - areaLast);
            double x = areaInverse(area);
            int rank = (int) Math.max(1, Math.min(ranks, Math.round(x)));
            if (rank - x <= alwaysAccepted || area >= area(rank + 0.5) - height(rank)) {
                return rank - 1;
            }
        }
    }

    private double height(double x) {
        return Math.pow(x, -exponent);
    }

    private double area(double x) {
        return (Math.pow(x, 1 - exponent) - 1) / (1 - exponent);
    }

    private double areaInverse(double area) {
        return Math.pow(1 + area * (1 - exponent), 1 / (1 - exponent));
    }
}
