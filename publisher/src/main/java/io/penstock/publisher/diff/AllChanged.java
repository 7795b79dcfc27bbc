package io.penstock.publisher.diff;

import io.penstock.publisher.diff.RowChange.Kind;
import io.penstock.publisher.diff.RowChange.Presence;

/** Without a readable parent all rows are alike: added if there is none, updated if it cannot be read. */
final class AllChanged implements BucketChanges {
    private final RowChanges changes;
    private final long version;
    private final boolean parentExists;

    AllChanged(RowChanges changes, long version, boolean parentExists) {
        this.changes = changes;
        this.version = version;
        this.parentExists = parentExists;
    }

    @Override
    public void changed(int bucket, long oldGeneration, int rows, byte[] body) {
        if (parentExists) {
            changes.allOf(body, rows, Kind.UPDATED, Presence.UNKNOWN, version);
        } else {
            changes.allOf(body, rows, Kind.ADDED, Presence.ABSENT, version);
        }
    }

    @Override
    public void emptied(int bucket, long oldGeneration) {}

    @Override
    public void finish() {}
}
