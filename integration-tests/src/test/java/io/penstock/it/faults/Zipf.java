package io.penstock.it.faults;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Draws rows of which few are asked for often: row {@code r} with a probability proportional to {@code (r + 1)^−s}. */
final class Zipf {
    private final double[] upTo;
    private final SplittableRandom random;

    Zipf(int rows, double exponent, SplittableRandom random) {
        this.upTo = new double[rows];
        this.random = random;
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            sum += Math.pow(row + 1.0, -exponent);
            upTo[row] = sum;
        }
    }

    int next() {
        int found = Arrays.binarySearch(upTo, random.nextDouble(upTo[upTo.length - 1]));
        return found >= 0 ? found : -found - 1;
    }
}
