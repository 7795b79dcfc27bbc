package io.penstock.publisher.diff;

/** Without a readable parent every row counts alike: as added if there is none, as updated if it cannot be read. */
final class CountAll implements RowCounting {
    private final Changes changes;
    private final boolean parentExists;

    CountAll(Changes changes, boolean parentExists) {
        this.changes = changes;
        this.parentExists = parentExists;
    }

    @Override
    public void changed(int bucket, long oldGeneration, int rows, byte[] body) {
        if (parentExists) {
            changes.updated(rows);
        } else {
            changes.added(rows);
        }
    }

    @Override
    public void emptied(int bucket, long oldGeneration) {}

    @Override
    public void finish() {}
}
