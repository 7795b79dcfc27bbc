package io.penstock.serving.read.codec;

import java.util.Arrays;

/** The top-level fields a caller wants of a value. Immutable; hot: asked for every field of every value it is for. */
public final class FieldSelection {
    private static final int FIRST_HIGH = Long.SIZE;

    /** Bit n: field n, of the numbers below {@link #FIRST_HIGH}. */
    private final long low;
    /** The other numbers, ascending. */
    private final int[] high;

    private FieldSelection(long low, int[] high) {
        this.low = low;
        this.high = high;
    }

    /** The first {@code count} of some field numbers, in any order and any of them several times. */
    static FieldSelection of(int[] numbers, int count) {
        long low = 0;
        int[] high = new int[count];
        int highCount = 0;
        for (int i = 0; i < count; i++) {
            if (numbers[i] < FIRST_HIGH) {
                low |= 1L << numbers[i];
            } else {
                high[highCount++] = numbers[i];
            }
        }
        high = Arrays.copyOf(high, highCount);
        Arrays.sort(high);
        return new FieldSelection(low, high);
    }

    boolean has(int number) {
        return number < FIRST_HIGH ? (low & 1L << number) != 0 : Arrays.binarySearch(high, number) >= 0;
    }
}
