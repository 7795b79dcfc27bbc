package io.penstock.publisher.diff;

import io.penstock.storage.v1.Manifest;

/** What a publication changes, counted from the stream of its row changes. Not thread-safe. */
public final class Changes implements RowChanges {
    private long rowsAdded;
    private long rowsUpdated;
    private long rowsRemoved;
    private long rows;
    private long rowsApplied;
    private boolean keepsOthers;
    private long buckets;
    private long bytes;
    private long bucketsWritten;
    private long bytesWritten;
    private long bucketsUnreadable;
    private long bucketsHealed;

    @Override
    public void changed(RowChange change) {
        count(change.kind(), 1);
    }

    @Override
    public void allOf(byte[] bucket, int bucketRows, RowChange.Kind kind, RowChange.Presence before, long version) {
        count(kind, bucketRows);
    }

    private void count(RowChange.Kind kind, int count) {
        switch (kind) {
            case ADDED -> rowsAdded += count;
            case UPDATED -> rowsUpdated += count;
            case REMOVED -> rowsRemoved += count;
        }
    }

    /** Begins with all that a version has, which is then {@linkplain #gone taken away} and {@linkplain #present put} back. */
    void startFrom(Manifest parent) {
        rows = parent.getRows();
        buckets = parent.getBuckets();
        bytes = parent.getBytes();
    }

    void keepOthers() {
        keepsOthers = true;
    }

    void present(int bucketRows, int bodyBytes) {
        rows += bucketRows;
        buckets++;
        bytes += bodyBytes;
    }

    /** A bucket of the version it started from makes way for another. */
    void gone(int bucketRows, int bodyBytes) {
        rows -= bucketRows;
        buckets--;
        bytes -= bodyBytes;
    }

    /** A row of the source has found the row it changes, or that there is none. */
    void applied() {
        rowsApplied++;
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

    /** Whether no row changed. */
    public boolean isNone() {
        return rowsAdded == 0 && rowsUpdated == 0 && rowsRemoved == 0;
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

    /** Whether keys stay about which the source says nothing: in an upsert or a delta. */
    public boolean keepsOthers() {
        return keepsOthers;
    }

    /** Rows of the source that were applied to the version before; 0 in a snapshot, which applies none. */
    public long rowsApplied() {
        return rowsApplied;
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
