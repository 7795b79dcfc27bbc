package io.penstock.publisher.guardrail;

/**
 * What is declared for one field. A limit at infinity is none.
 *
 * @param nullRateMax the largest share of NULLs: 0.05 = 5 %
 * @param blankRateMax of a text: the largest share of rows in which it is empty or white space
 * @param distinctMin the fewest different values
 * @param distinctMax the most different values
 * @param min of a number: the smallest
 * @param max of a number: the largest
 * @param meanShiftMax of a number: how far its mean may be from that of the version before, as a share of that: 0.1 = 10 %
 */
public record FieldLimits(
        double nullRateMax,
        double blankRateMax,
        double distinctMin,
        double distinctMax,
        double min,
        double max,
        double meanShiftMax) {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    public static final FieldLimits NONE =
            new FieldLimits(INFINITE, INFINITE, -INFINITE, INFINITE, -INFINITE, INFINITE, INFINITE);

    public FieldLimits {
        if (!(nullRateMax >= 0 && blankRateMax >= 0 && meanShiftMax >= 0)) {
            throw new IllegalArgumentException("guardrails: a limit is negative (expected: >= 0)");
        }
        if (!(min <= max && distinctMin <= distinctMax)) {
            throw new IllegalArgumentException("guardrails: a smallest is above its largest");
        }
    }

    public FieldLimits withNullRate(double largest) {
        return new FieldLimits(largest, blankRateMax, distinctMin, distinctMax, min, max, meanShiftMax);
    }

    public FieldLimits withBlankRate(double largest) {
        return new FieldLimits(nullRateMax, largest, distinctMin, distinctMax, min, max, meanShiftMax);
    }

    public FieldLimits withDistinct(double fewest, double most) {
        return new FieldLimits(nullRateMax, blankRateMax, fewest, most, min, max, meanShiftMax);
    }

    public FieldLimits withRange(double smallest, double largest) {
        return new FieldLimits(nullRateMax, blankRateMax, distinctMin, distinctMax, smallest, largest, meanShiftMax);
    }

    public FieldLimits withMeanShift(double largest) {
        return new FieldLimits(nullRateMax, blankRateMax, distinctMin, distinctMax, min, max, largest);
    }

    boolean limitsNullRate() {
        return nullRateMax < INFINITE;
    }

    boolean limitsBlankRate() {
        return blankRateMax < INFINITE;
    }

    boolean limitsDistinct() {
        return distinctMin > -INFINITE || distinctMax < INFINITE;
    }

    boolean limitsRange() {
        return min > -INFINITE || max < INFINITE;
    }

    boolean limitsMeanShift() {
        return meanShiftMax < INFINITE;
    }
}
