package io.penstock.publisher.verify;

import io.penstock.publisher.diff.Changes;
import io.penstock.publisher.guardrail.Check;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import org.jspecify.annotations.Nullable;

/** Every row that was read is in a bucket, and the changes add up to the difference from the parent. */
public final class RowAccounting implements Check {
    private final Mode mode;
    private final long rowsRead;
    private final Changes changes;
    private final @Nullable Manifest parent;

    /** @param parent null if there is none or it is unreadable */
    public RowAccounting(Mode mode, long rowsRead, Changes changes, @Nullable Manifest parent) {
        this.mode = mode;
        this.rowsRead = rowsRead;
        this.changes = changes;
        this.parent = parent;
    }

    @Override
    public String name() {
        return "rows-stored";
    }

    @Override
    public boolean mayBeOverridden() {
        return false;
    }

    @Override
    public Answer run() {
        boolean snapshot = mode == Mode.MODE_SNAPSHOT;
        long arrived = snapshot ? changes.rows() : changes.rowsApplied();
        if (arrived != rowsRead) {
            return Answer.of(
                    false,
                    rowsRead + " rows read, " + arrived + (snapshot ? " stored" : " applied")
                            + " (expected: the same)");
        }
        boolean everythingCounted = parent != null && changes.bucketsUnreadable() == 0;
        if (everythingCounted && parent != null) {
            long expected = parent.getRows() + changes.rowsAdded() - changes.rowsRemoved();
            if (expected != changes.rows()) {
                return Answer.of(
                        false,
                        parent.getRows() + " rows before + " + changes.rowsAdded() + " added - "
                                + changes.rowsRemoved() + " removed = " + expected + ", but " + changes.rows()
                                + " are stored (expected: the same)");
            }
        }
        return Answer.of(true, rowsRead + (snapshot ? " rows read, all stored" : " rows read, all applied"));
    }
}
