package io.penstock.publisher.guardrail;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as people read them. */
final class Numbers {
    private static final MathContext SHORT = new MathContext(6);

    private Numbers() {}

    /** Whole numbers in full, others with six digits. */
    static String text(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return String.valueOf(number);
        }
        BigDecimal exact = BigDecimal.valueOf(number);
        boolean whole = exact.stripTrailingZeros().scale() <= 0;
        return (whole ? exact : exact.round(SHORT)).stripTrailingZeros().toPlainString();
    }
}
