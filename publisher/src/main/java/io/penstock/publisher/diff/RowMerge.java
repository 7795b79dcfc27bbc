package io.penstock.publisher.diff;

import com.google.protobuf.ByteString;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.RowOperation;
import io.penstock.publisher.diff.ParentRows.Item;
import io.penstock.publisher.sort.SortedRows;
import io.penstock.publisher.write.KeyOrder;
import io.penstock.storage.v1.Row;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the new version, made by merging the source's with the parent's. For when the layout changes: then every
 * bucket is new, but the order of rows by (hash, key) is the same for every number of buckets. Holds a few batches of the
 * parent's buckets. Not thread-safe.
 */
final class RowMerge implements SortedRows {
    private static final Comparator<ByteString> UNSIGNED = ByteString.unsignedLexicographicalComparator();

    private final SortedRows source;
    private final ParentRows before;
    private final RowRules rules;
    private final long version;
    private final Changes counts;
    private final RowChanges changes;
    private final KeyOrder order;

    private @Nullable SourceRow next;
    private long hash;
    private long number;
    private Row row = Row.getDefaultInstance();

    RowMerge(SortedRows source, ParentRows before, RowRules rules, long version, Changes counts, RowChanges changes) {
        this.source = source;
        this.before = before;
        this.rules = rules;
        this.version = version;
        this.counts = counts;
        this.changes = changes;
        this.order = new KeyOrder(rules.limits());
        readSource();
    }

    private void readSource() {
        if (!source.next()) {
            next = null;
            return;
        }
        order.next(source);
        next = SourceRow.of(source);
    }

    @Override
    public boolean next() {
        while (true) {
            Item item = before.peek();
            SourceRow incoming = next;
            if (item == null && incoming == null) {
                return false;
            }
            if (item != null && item.row() == null && isBefore(item.lastHash(), incoming)) {
                before.skip();
                continue;
            }
            int sequence = item == null ? 1 : incoming == null ? -1 : compare(item, incoming);
            if (sequence < 0 && item != null) {
                before.skip();
                if (hasOnly(item)) {
                    return true;
                }
            } else if (incoming != null) {
                Row old = sequence == 0 && item != null ? item.row() : null;
                boolean unknown = sequence == 0 && old == null;
                if (old != null) {
                    before.skip();
                }
                readSource();
                if (hasApplied(incoming, old, unknown)) {
                    return true;
                }
            }
        }
    }

    private static boolean isBefore(long lastHash, @Nullable SourceRow incoming) {
        return incoming == null || Long.compareUnsigned(lastHash, incoming.hash()) < 0;
    }

    /** 0 also for a row whose hash is in a gap. */
    private static int compare(Item item, SourceRow incoming) {
        Row old = item.row();
        if (old == null) {
            return Long.compareUnsigned(incoming.hash(), item.firstHash()) < 0 ? 1 : 0;
        }
        int order = Long.compareUnsigned(item.firstHash(), incoming.hash());
        return order != 0 ? order : UNSIGNED.compare(old.getKey(), incoming.key());
    }

    /** The source says nothing of the row. */
    private boolean hasOnly(Item item) {
        Row old = item.row();
        if (old == null) {
            return false;
        }
        if (!rules.keepsOthers() || rules.isLeftOut(old)) {
            changes.changed(RowChange.removed(version, old));
            return false;
        }
        return standOn(item.firstHash(), 0, old);
    }

    private boolean hasApplied(SourceRow incoming, @Nullable Row old, boolean unknown) {
        counts.applied();
        Row present = rules.apply(old, incoming);
        if (present == null) {
            if (old != null) {
                changes.changed(RowChange.removed(version, old));
            }
            return false;
        }
        if (unknown) {
            changes.changed(RowChange.replaced(version, present));
        } else if (old == null) {
            changes.changed(RowChange.added(version, present));
        } else if (!old.equals(present)) {
            changes.changed(RowChange.updated(version, old, present));
        }
        return standOn(incoming.hash(), incoming.number(), present);
    }

    private boolean standOn(long newHash, long newNumber, Row newRow) {
        hash = newHash;
        number = newNumber;
        row = newRow;
        return true;
    }

    @Override
    public long hash() {
        return hash;
    }

    @Override
    public RowOperation operation() {
        return RowOperation.UPSERT;
    }

    @Override
    public long expiresAtMillis() {
        return row.hasExpiresAt() ? row.getExpiresAt() : RowMark.NEVER;
    }

    /** 0 for a row of the parent. */
    @Override
    public long rowNumber() {
        return number;
    }

    @Override
    public int keyLength() {
        return row.getKey().size();
    }

    @Override
    public int valueLength() {
        return row.getValue().size();
    }

    @Override
    public void copyKey(byte[] target, int offset) {
        row.getKey().copyTo(target, offset);
    }

    @Override
    public void copyValue(byte[] target, int offset) {
        row.getValue().copyTo(target, offset);
    }

    @Override
    public void close() {
        source.close();
    }
}
