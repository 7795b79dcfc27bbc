package io.penstock.publisher.compare;

import com.google.protobuf.ByteString;
import io.penstock.publisher.diff.ParentRows;
import io.penstock.publisher.diff.ParentRows.Item;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Two versions of different layouts, whose rows stand in the same order all the same: one merge of two streams. */
final class MergeComparison {
    private final StoredBlobs stored;
    private final Manifest before;
    private final Manifest after;
    private final ParentRows oldRows;
    private final ParentRows newRows;
    private final Consumer<RowDifference> found;

    MergeComparison(StoredBlobs stored, Manifest before, Manifest after, Consumer<RowDifference> found) {
        this.stored = stored;
        this.before = before;
        this.after = after;
        this.oldRows = new ParentRows(stored, before);
        this.newRows = new ParentRows(stored, after);
        this.found = found;
    }

    void run() {
        Item old = peek(oldRows, before);
        Item now = peek(newRows, after);
        while (old != null || now != null) {
            int order = old == null ? 1 : now == null ? -1 : compare(old, now);
            Row oldRow = order <= 0 && old != null ? old.row() : null;
            Row newRow = order >= 0 && now != null ? now.row() : null;
            if (oldRow == null || !oldRow.equals(newRow)) {
                found.accept(new RowDifference(oldRow, newRow));
            }
            if (order <= 0) {
                oldRows.skip();
                old = peek(oldRows, before);
            }
            if (order >= 0) {
                newRows.skip();
                now = peek(newRows, after);
            }
        }
    }

    private @Nullable Item peek(ParentRows rows, Manifest version) {
        Item item = rows.peek();
        if (item != null && item.row() == null) {
            throw VersionComparison.damaged(stored, version, "a bucket is missing or damaged");
        }
        return item;
    }

    private static int compare(Item one, Item other) {
        int order = Long.compareUnsigned(one.firstHash(), other.firstHash());
        Row row = one.row();
        Row otherRow = other.row();
        return order != 0 || row == null || otherRow == null
                ? order
                : ByteString.unsignedLexicographicalComparator().compare(row.getKey(), otherRow.getKey());
    }
}
