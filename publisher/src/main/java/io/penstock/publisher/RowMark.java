package io.penstock.publisher;

import io.penstock.store.layout.BucketScanner;

/**
 * What is known of a row beside its key and value.
 *
 * @param expiresAtMillis when the row stops being readable, in milliseconds since the Unix epoch, or {@link #NEVER}
 */
public record RowMark(RowOperation operation, long expiresAtMillis) {
    /** Of a row that lives as long as its version. */
    public static final long NEVER = BucketScanner.NEVER;

    /** A row to be set that has no expiry of its own. */
    public static final RowMark PLAIN = new RowMark(RowOperation.UPSERT, NEVER);

    /** With an expiry that is not later. */
    public RowMark expiringBy(long millis) {
        return millis < expiresAtMillis ? new RowMark(operation, millis) : this;
    }
}
