package io.penstock.publisher.sort;

/** Sorted rows that lie as records, so that they can be copied without becoming arrays. */
interface SortedRecords extends SortedRows {
    /** The cursor that stands on the row {@link #next} moved to. */
    RecordCursor current();
}
