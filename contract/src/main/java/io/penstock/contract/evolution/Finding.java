package io.penstock.contract.evolution;

import io.penstock.contract.SourceLocation;

/**
 * One change of a contract that its readers may not survive.
 *
 * @param rule what was broken
 * @param location where in the later contract; of something removed, where it would stand
 * @param element the full name of the message, field, enum or enum value
 * @param change what it was and what it became; follows the element in a sentence
 */
public record Finding(EvolutionRule rule, SourceLocation location, String element, String change) {
    public String remedy() {
        return rule.remedy();
    }

    /** {@code orders.proto:12: FIELD_SAME_NAME: shop.orders.v1.Order.total became sum; keep the name}. */
    @Override
    public String toString() {
        return location + ": " + rule + ": " + element + " " + change + "; " + remedy();
    }
}
