package io.penstock.publisher.guardrail;

import io.penstock.storage.v1.CheckResult.Verdict;

/** One thing that must be true of a version before it is committed. */
public interface Check {
    /** Lower case with dashes; stable. */
    String name();

    /** Finds out. Throwing counts as having failed. */
    Answer run();

    /** Whether an operator may let it fail. */
    default boolean mayBeOverridden() {
        return true;
    }

    /**
     * What came of it.
     *
     * @param detail what was measured and what is allowed
     */
    record Answer(Verdict verdict, String detail) {
        public static Answer of(boolean passed, String detail) {
            return new Answer(passed ? Verdict.VERDICT_PASSED : Verdict.VERDICT_FAILED, detail);
        }

        public static Answer notApplicable(String why) {
            return new Answer(Verdict.VERDICT_NOT_APPLICABLE, why);
        }
    }
}
