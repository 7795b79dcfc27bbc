package io.penstock.client;

/** What came of one key. */
public enum Outcome {
    /** There is a row. */
    FOUND,
    /** There is certainly no row. */
    ABSENT,
    /** There was a row, and its time is over. */
    EXPIRED,
    /** The row is what the caller has; see {@link ReadOptions#ifGeneration}. */
    UNCHANGED,
    /** It could not be answered; see {@link Lookup#failure}. In a batch only. */
    FAILED
}
