package io.penstock.publisher.diff;

/** What a publication changes, counted. Not thread-safe. */
public final class Changes {
    private long rowsAdded;
    private long rowsUpdated;
    private long rowsRemoved;
    private long rows;
    private long buckets;
    private long bytes;
    private long bucketsWritten;
    private long bytesWritten;
    private long bucketsUnreadable;
    private long bucketsHealed;

    void added(long count) {
        rowsAdded += count;
    }

    void updated(long count) {
        rowsUpdated += count;
    }

    void removed(long count) {
        rowsRemoved += count;
    }

    void present(int bucketRows, int bodyBytes) {
        rows += bucketRows;
        buckets++;
        bytes += bodyBytes;
    }

    void written(int bodyBytes) {
        bucketsWritten++;
        bytesWritten += bodyBytes;
    }

    void unreadable(long count) {
        bucketsUnreadable += count;
    }

    void healed() {
        bucketsHealed++;
    }

    /** Rows whose keys the parent does not have. */
    public long rowsAdded() {
        return rowsAdded;
    }

    /** Rows that differ from the parent's, and all rows of buckets whose old blob could not be read. */
    public long rowsUpdated() {
        return rowsUpdated;
    }

    /** Keys of the parent that are gone, as far as its blobs could be read. */
    public long rowsRemoved() {
        return rowsRemoved;
    }

    /** Rows of the new version. */
    public long rows() {
        return rows;
    }

    /** Buckets of the new version that have rows. */
    public long buckets() {
        return buckets;
    }

    /** Bytes of all bucket bodies of the new version. */
    public long bytes() {
        return bytes;
    }

    public long bucketsWritten() {
        return bucketsWritten;
    }

    public long bytesWritten() {
        return bytesWritten;
    }

    /** Buckets whose content did not have to be written. */
    public long bucketsKept() {
        return buckets - bucketsWritten;
    }

    /** Buckets of the parent that were needed to count changes and could not be read. */
    public long bucketsUnreadable() {
        return bucketsUnreadable;
    }

    /** Unchanged buckets that were written again because a server reported them lost. */
    public long bucketsHealed() {
        return bucketsHealed;
    }
}
