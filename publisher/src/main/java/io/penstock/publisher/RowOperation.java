package io.penstock.publisher;

/** What a row of a source does to the row that has its key. */
public enum RowOperation {
    /** It takes its place, or is added. */
    UPSERT,
    /** It is added; its key must not be there yet, except with the same value. */
    INSERT,
    /** It is removed, if it is there. Only the key counts. */
    DELETE
}
