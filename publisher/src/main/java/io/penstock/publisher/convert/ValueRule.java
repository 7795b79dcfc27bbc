package io.penstock.publisher.convert;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.v1.FieldRules;
import org.jspecify.annotations.Nullable;

/** What a contract says of the values of one field, NULL aside. */
interface ValueRule {
    /** Null when the contract says nothing. */
    static @Nullable ValueRule of(FieldDescriptor field, FieldRules rules) {
        return field.getType() == FieldDescriptor.Type.STRING ? TextRule.of(rules) : RangeRule.of(field, rules);
    }

    /**
     * Refuses a converted value that breaks the rule.
     *
     * @throws ConversionException {@code RULE_VIOLATED}; without the value
     */
    void check(Object converted);
}
