package io.penstock.publisher.guardrail;

/**
 * How far a version may be from the one before it.
 *
 * @param rowsMin the fewest rows
 * @param rowCountDropMax the largest share of rows that may go: 0.2 = 20 %
 * @param rowCountGrowthMax the largest share of rows that may come on top: 1.0 = 100 %
 * @param nullRateRiseMax how much a field's share of NULLs may rise: 0.1 = 10 points
 * @param nullRateRowsMin from how many rows on, before and now, shares of NULLs are compared
 */
public record Guardrails(
        long rowsMin, double rowCountDropMax, double rowCountGrowthMax, double nullRateRiseMax, long nullRateRowsMin) {
    public static final Guardrails DEFAULTS = new Guardrails(1, 0.2, 1.0, 0.1, 100);

    public Guardrails {
        requireShare("rowCountDropMax", rowCountDropMax);
        requireShare("nullRateRiseMax", nullRateRiseMax);
        if (rowsMin < 0 || nullRateRowsMin < 0 || !(rowCountGrowthMax >= 0)) {
            throw new IllegalArgumentException("guardrails: a limit is negative (expected: >= 0)");
        }
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + ": " + share + " (expected: 0 to 1)");
        }
    }
}
