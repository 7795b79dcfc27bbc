package io.penstock.publisher.convert;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MessageOrBuilder;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.FieldRules;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checks a contract declares for its fields, for rows that are messages already and need no conversion. Thread-safe.
 */
public final class RowChecks {
    private final List<FieldCheck> checks = new ArrayList<>();

    private RowChecks(Contract contract) {
        for (FieldDescriptor field : contract.descriptor().getFields()) {
            FieldRules rules = contract.rules(field);
            ValueRule rule = ValueRule.of(field, rules);
            boolean notNull = rules.getNotNull() && field.hasPresence();
            if (rule != null || notNull) {
                checks.add(new FieldCheck(field.getNumber(), notNull, rule));
            }
        }
    }

    public static RowChecks of(Contract contract) {
        return new RowChecks(contract);
    }

    /**
     * Returns if the row is as the contract says.
     *
     * @param row a message of the contract, dynamic or generated
     * @throws SourceException {@code REFUSED}, naming row number and field, never a value
     */
    public void check(MessageOrBuilder row, long rowNumber) {
        for (FieldCheck check : checks) {
            FieldDescriptor field = row.getDescriptorForType().findFieldByNumber(check.field);
            if (field == null) {
                continue; // a class older than the contract: the field has its default
            }
            try {
                check.check(field.hasPresence() && !row.hasField(field) ? null : row.getField(field));
            } catch (ConversionException e) {
                throw new SourceException(
                        Category.REFUSED,
                        e.code(),
                        "row " + rowNumber + ", field " + field.getName() + ": " + e.getMessage());
            }
        }
    }

    private record FieldCheck(
            int field, boolean notNull, @Nullable ValueRule rule) {
        void check(@Nullable Object value) {
            if (value == null) {
                if (notNull) {
                    throw new ConversionException(
                            ConversionException.RULE_VIOLATED, "the value is NULL, and the contract says not_null");
                }
            } else if (rule != null) {
                rule.check(value);
            }
        }
    }
}
