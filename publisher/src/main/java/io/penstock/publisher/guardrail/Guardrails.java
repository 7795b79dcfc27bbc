package io.penstock.publisher.guardrail;

import io.penstock.contract.Contract;
import io.penstock.contract.v1.Checks;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a version may be from what is expected of it and from the one before. A largest share at infinity is no limit.
 *
 * @param rowsMin the fewest rows
 * @param rowsMax the most rows
 * @param rowCountDropMax the largest share of rows that may go: 0.2 = 20 %
 * @param rowCountGrowthMax the largest share of rows that may come on top: 1.0 = 100 %
 * @param nullRateRiseMax how much a field's share of NULLs may rise: 0.1 = 10 points
 * @param nullRateRowsMin from how many rows on, before and now, shares of NULLs are compared
 * @param rowsUpdatedMax the largest share of the rows before that may have another value
 * @param rowsRemovedMax the largest share of the rows before that may be gone
 * @param rowsChangedMax the largest share of the rows before whose rows may be added or have another value
 * @param rowSizeGrowthMax how much the mean row may grow: 0.5 = 50 %
 * @param dataAgeMax how old {@code data_as_of} may be when the version is published; null = any age
 * @param fields what is declared for single fields, by name
 * @param canaries keys that must be there, as callers write them, each with the values expected of some fields, as text
 */
public record Guardrails(
        long rowsMin,
        long rowsMax,
        double rowCountDropMax,
        double rowCountGrowthMax,
        double nullRateRiseMax,
        long nullRateRowsMin,
        double rowsUpdatedMax,
        double rowsRemovedMax,
        double rowsChangedMax,
        double rowSizeGrowthMax,
        @Nullable Duration dataAgeMax,
        Map<String, FieldLimits> fields,
        Map<String, Map<String, String>> canaries) {
    /** In place of a largest share: any. */
    public static final double ANY = Double.POSITIVE_INFINITY;

    /** The most canary keys; each is looked for among all rows, and their rows are held. */
    public static final int CANARIES_MAX = 1_000;

    public static final Guardrails DEFAULTS =
            new Guardrails(1, Long.MAX_VALUE, 0.2, 1.0, 0.1, 100, ANY, ANY, ANY, ANY, null, Map.of(), Map.of());

    public Guardrails {
        requireShare("rowCountDropMax", rowCountDropMax);
        requireShare("nullRateRiseMax", nullRateRiseMax);
        boolean positive = rowsMin >= 0
                && nullRateRowsMin >= 0
                && rowCountGrowthMax >= 0
                && rowsUpdatedMax >= 0
                && rowsRemovedMax >= 0
                && rowsChangedMax >= 0
                && rowSizeGrowthMax >= 0
                && (dataAgeMax == null || !dataAgeMax.isNegative());
        if (!positive) {
            throw new IllegalArgumentException("guardrails: a limit is negative (expected: >= 0)");
        }
        if (rowsMax < rowsMin) {
            throw new IllegalArgumentException(
                    "rows-present: at least " + rowsMin + " rows and at most " + rowsMax + " (expected: min <= max)");
        }
        if (canaries.size() > CANARIES_MAX) {
            throw new IllegalArgumentException(
                    "canary-keys: " + canaries.size() + " keys (expected: <= " + CANARIES_MAX + ")");
        }
        fields = Map.copyOf(fields);
        canaries = Collections.unmodifiableMap(new LinkedHashMap<>(canaries));
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + ": " + share + " (expected: 0 to 1)");
        }
    }

    /** These and what the contract promises of every version; of two limits the stricter. */
    public Guardrails with(Contract contract) {
        Checks promised = contract.promises().getChecks();
        Builder both = toBuilder();
        if (promised.hasMinRows() && promised.getMinRows() > rowsMin) {
            both.rowsMin(promised.getMinRows());
        }
        if (promised.hasMaxRows() && promised.getMaxRows() < rowsMax) {
            both.rowsMax(promised.getMaxRows());
        }
        if (promised.hasMaxChangedPercent()) {
            both.rowsChangedMax(Math.min(rowsChangedMax, promised.getMaxChangedPercent() / 100));
        }
        if (promised.hasMaxRemovedPercent()) {
            both.rowsRemovedMax(Math.min(rowsRemovedMax, promised.getMaxRemovedPercent() / 100));
        }
        for (String key : promised.getCanaryKeysList()) {
            if (!canaries.containsKey(key)) {
                both.canary(key, Map.of());
            }
        }
        return both.build();
    }

    /** What is declared for a field. */
    FieldLimits field(String name) {
        FieldLimits limits = fields.get(name);
        return limits == null ? FieldLimits.NONE : limits;
    }

    /** Whether the different values of a field are to be counted. */
    public boolean countsDistinct(String field) {
        return field(field).limitsDistinct();
    }

    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Changes some of the limits. Not thread-safe. */
    public static final class Builder {
        private long rowsMin;
        private long rowsMax;
        private double rowCountDropMax;
        private double rowCountGrowthMax;
        private double nullRateRiseMax;
        private final long nullRateRowsMin;
        private double rowsUpdatedMax;
        private double rowsRemovedMax;
        private double rowsChangedMax;
        private double rowSizeGrowthMax;
        private @Nullable Duration dataAgeMax;
        private final Map<String, FieldLimits> fields;
        private final Map<String, Map<String, String>> canaries;

        private Builder(Guardrails from) {
            rowsMin = from.rowsMin;
            rowsMax = from.rowsMax;
            rowCountDropMax = from.rowCountDropMax;
            rowCountGrowthMax = from.rowCountGrowthMax;
            nullRateRiseMax = from.nullRateRiseMax;
            nullRateRowsMin = from.nullRateRowsMin;
            rowsUpdatedMax = from.rowsUpdatedMax;
            rowsRemovedMax = from.rowsRemovedMax;
            rowsChangedMax = from.rowsChangedMax;
            rowSizeGrowthMax = from.rowSizeGrowthMax;
            dataAgeMax = from.dataAgeMax;
            fields = new LinkedHashMap<>(from.fields);
            canaries = new LinkedHashMap<>(from.canaries);
        }

        public Builder rowsMin(long fewest) {
            rowsMin = fewest;
            return this;
        }

        public Builder rowsMax(long most) {
            rowsMax = most;
            return this;
        }

        public Builder rowCountDropMax(double share) {
            rowCountDropMax = share;
            return this;
        }

        public Builder rowCountGrowthMax(double share) {
            rowCountGrowthMax = share;
            return this;
        }

        public Builder nullRateRiseMax(double share) {
            nullRateRiseMax = share;
            return this;
        }

        public Builder rowsUpdatedMax(double share) {
            rowsUpdatedMax = share;
            return this;
        }

        public Builder rowsRemovedMax(double share) {
            rowsRemovedMax = share;
            return this;
        }

        public Builder rowsChangedMax(double share) {
            rowsChangedMax = share;
            return this;
        }

        public Builder rowSizeGrowthMax(double share) {
            rowSizeGrowthMax = share;
            return this;
        }

        public Builder dataAgeMax(Duration oldest) {
            dataAgeMax = oldest;
            return this;
        }

        /** In place of what was declared for the field. */
        public Builder field(String name, FieldLimits limits) {
            fields.put(name, limits);
            return this;
        }

        /** What is declared for the field so far. */
        public FieldLimits field(String name) {
            return fields.getOrDefault(name, FieldLimits.NONE);
        }

        public Builder canary(String key, Map<String, String> expected) {
            canaries.put(key, Map.copyOf(expected));
            return this;
        }

        public Guardrails build() {
            return new Guardrails(
                    rowsMin,
                    rowsMax,
                    rowCountDropMax,
                    rowCountGrowthMax,
                    nullRateRiseMax,
                    nullRateRowsMin,
                    rowsUpdatedMax,
                    rowsRemovedMax,
                    rowsChangedMax,
                    rowSizeGrowthMax,
                    dataAgeMax,
                    fields,
                    canaries);
        }
    }
}
