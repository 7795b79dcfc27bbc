package io.penstock.contract.evolution;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.FieldRules;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** Finds the promises that a contract takes back: readers may rely on each. */
record PromiseComparison(Findings findings) {
    private static final String NONE = "none";

    void compare(Contract before, Contract after) {
        DataProduct productBefore = before.promises();
        DataProduct productAfter = after.promises();
        if (isLonger(before.freshness(), after.freshness())) {
            weakened(
                    after,
                    DataProduct.FRESHNESS_FIELD_NUMBER,
                    change("freshness", productBefore.getFreshness(), productAfter.getFreshness()));
        }
        if (isLonger(before.p99(), after.p99())) {
            weakened(after, DataProduct.P99_FIELD_NUMBER, change("p99", productBefore.getP99(), productAfter.getP99()));
        }
        if (percent(productAfter.getAvailability()).compareTo(percent(productBefore.getAvailability())) < 0) {
            weakened(
                    after,
                    DataProduct.AVAILABILITY_FIELD_NUMBER,
                    change("availability", productBefore.getAvailability(), productAfter.getAvailability()));
        }
        compareEnds(after, productBefore, productAfter);
        if (!before.expiresAfter().equals(after.expiresAfter())) {
            findings.add(
                    EvolutionRule.PENSTOCK_EXPIRY_FROZEN,
                    after.descriptor(),
                    change("expires_after", productBefore.getExpiresAfter(), productAfter.getExpiresAfter()),
                    productPart(DataProduct.EXPIRES_AFTER_FIELD_NUMBER));
        }
        for (FieldDescriptor field : before.descriptor().getFields()) {
            FieldDescriptor successor = after.descriptor().findFieldByNumber(field.getNumber());
            if (successor != null) {
                compare(successor, before.rules(field), after.rules(successor));
            }
        }
    }

    private static boolean isLonger(Optional<Duration> before, Optional<Duration> after) {
        return before.isPresent() && (after.isEmpty() || after.get().compareTo(before.get()) > 0);
    }

    private static BigDecimal percent(String availability) {
        return availability.isEmpty() ? BigDecimal.ZERO : new BigDecimal(availability.replace("%", ""));
    }

    /** Dates compare as their texts; a product whose end is called off has none. */
    private void compareEnds(Contract after, DataProduct productBefore, DataProduct productAfter) {
        String endBefore = productBefore.getLifecycle().getEndsOn();
        String endAfter = productAfter.getLifecycle().getEndsOn();
        boolean sooner = !endBefore.isEmpty() && !endAfter.isEmpty() && endAfter.compareTo(endBefore) < 0;
        if (sooner) {
            weakened(after, DataProduct.LIFECYCLE_FIELD_NUMBER, change("lifecycle.ends_on", endBefore, endAfter));
        }
    }

    private void weakened(Contract after, int option, String change) {
        findings.add(EvolutionRule.PENSTOCK_PROMISE_NOT_WEAKENED, after.descriptor(), change, productPart(option));
    }

    private static int[] productPart(int option) {
        return new int[] {
            DescriptorProto.OPTIONS_FIELD_NUMBER,
            ContractProto.dataProduct.getDescriptor().getNumber(),
            option
        };
    }

    private void compare(FieldDescriptor field, FieldRules before, FieldRules after) {
        boolean minKept = !before.hasMin() || (after.hasMin() && after.getMin() >= before.getMin());
        check(
                field,
                minKept,
                FieldRules.MIN_FIELD_NUMBER,
                "min",
                number(before.hasMin(), before.getMin()),
                number(after.hasMin(), after.getMin()));
        boolean maxKept = !before.hasMax() || (after.hasMax() && after.getMax() <= before.getMax());
        check(
                field,
                maxKept,
                FieldRules.MAX_FIELD_NUMBER,
                "max",
                number(before.hasMax(), before.getMax()),
                number(after.hasMax(), after.getMax()));
        flag(field, FieldRules.NOT_NULL_FIELD_NUMBER, "not_null", before.getNotNull(), after.getNotNull());
        flag(field, FieldRules.NOT_BLANK_FIELD_NUMBER, "not_blank", before.getNotBlank(), after.getNotBlank());
        flag(field, FieldRules.UNIQUE_FIELD_NUMBER, "unique", before.getUnique(), after.getUnique());
        boolean patternKept =
                before.getPattern().isEmpty() || before.getPattern().equals(after.getPattern());
        check(field, patternKept, FieldRules.PATTERN_FIELD_NUMBER, "pattern", before.getPattern(), after.getPattern());
    }

    private void flag(FieldDescriptor field, int option, String name, boolean before, boolean after) {
        check(field, !before || after, option, name, String.valueOf(before), String.valueOf(after));
    }

    private void check(FieldDescriptor field, boolean kept, int option, String name, String before, String after) {
        if (!kept) {
            findings.add(
                    EvolutionRule.PENSTOCK_FIELD_CHECK_NOT_WEAKENED,
                    field,
                    change(name, before, after),
                    FieldDescriptorProto.OPTIONS_FIELD_NUMBER,
                    ContractProto.field.getDescriptor().getNumber(),
                    option);
        }
    }

    private static String number(boolean present, double bound) {
        return present ? BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString() : "";
    }

    private static String change(String option, String before, String after) {
        return "had " + option + " " + (before.isEmpty() ? NONE : before) + " and has "
                + (after.isEmpty() ? NONE : after);
    }
}
