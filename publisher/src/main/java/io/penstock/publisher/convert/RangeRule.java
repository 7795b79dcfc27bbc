package io.penstock.publisher.convert;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.v1.FieldRules;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A contract's {@code min} and {@code max} for one field, compared exactly. */
final class RangeRule implements ValueRule {
    private final boolean unsigned;
    private final @Nullable BigDecimal min;
    private final @Nullable BigDecimal max;

    private RangeRule(boolean unsigned, @Nullable BigDecimal min, @Nullable BigDecimal max) {
        this.unsigned = unsigned;
        this.min = min;
        this.max = max;
    }

    /** Null when the contract sets no bound. */
    static @Nullable RangeRule of(FieldDescriptor field, FieldRules rules) {
        if (!rules.hasMin() && !rules.hasMax()) {
            return null;
        }
        boolean unsigned = switch (field.getType()) {
            case UINT32, FIXED32, UINT64, FIXED64 -> true;
            default -> false;
        };
        return new RangeRule(
                unsigned,
                rules.hasMin() ? new BigDecimal(rules.getMin()) : null,
                rules.hasMax() ? new BigDecimal(rules.getMax()) : null);
    }

    /** Refuses a converted number outside the bounds; NaN is outside any. */
    @Override
    public void check(Object converted) {
        if (converted instanceof Double || converted instanceof Float) {
            double number = ((Number) converted).doubleValue();
            if (Double.isNaN(number)) {
                throw violated("is NaN, which is within no bounds");
            }
            if (Double.isInfinite(number)) {
                checkInfinite(number);
                return;
            }
            checkFinite(new BigDecimal(number));
            return;
        }
        checkFinite(exact(converted));
    }

    private BigDecimal exact(Object converted) {
        if (converted instanceof Integer number) {
            return BigDecimal.valueOf(unsigned ? Integer.toUnsignedLong(number) : number);
        }
        long number = (Long) converted;
        return unsigned && number < 0
                ? new BigDecimal(new BigInteger(Long.toUnsignedString(number)))
                : BigDecimal.valueOf(number);
    }

    private void checkInfinite(double number) {
        if (number < 0 && min != null) {
            throw violated("is below its min " + text(min));
        }
        if (number > 0 && max != null) {
            throw violated("is above its max " + text(max));
        }
    }

    private void checkFinite(BigDecimal number) {
        if (min != null && number.compareTo(min) < 0) {
            throw violated("is below its min " + text(min));
        }
        if (max != null && number.compareTo(max) > 0) {
            throw violated("is above its max " + text(max));
        }
    }

    /** As the contract wrote it: a double's shortest digits, not all it stands for. */
    private static String text(BigDecimal bound) {
        return BigDecimal.valueOf(bound.doubleValue()).stripTrailingZeros().toPlainString();
    }

    private static ConversionException violated(String how) {
        return new ConversionException(ConversionException.RULE_VIOLATED, "the value " + how);
    }
}
