package io.penstock.publisher.diff;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.publisher.diff.ParentRows.Item;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Row;
import io.penstock.store.layout.BucketLayout;
import java.util.Comparator;

/**
 * With another layout every bucket is new, but the order of rows by (hash, key) is the same for every number of buckets:
 * both versions are merged as streams.
 */
final class CountByMerge implements RowCounting {
    private static final Comparator<ByteString> UNSIGNED = ByteString.unsignedLexicographicalComparator();

    private final ParentRows before;
    private final BucketLayout layout;
    private final Changes changes;

    /** @param layout the new one; its seed is the parent's */
    CountByMerge(ParentRows before, BucketLayout layout, Changes changes) {
        this.before = before;
        this.layout = layout;
        this.changes = changes;
    }

    @Override
    public void changed(int bucket, long oldGeneration, int rows, byte[] body) {
        try {
            for (Row row : Bucket.parseFrom(body).getRowsList()) {
                count(row);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a bucket that was just made is not one", e);
        }
    }

    private void count(Row row) {
        long hash = layout.hash(row.getKey().toByteArray());
        for (Item item = before.peek(); item != null; item = before.peek()) {
            Row old = item.row();
            if (old == null) {
                if (Long.compareUnsigned(hash, item.lastHash()) <= 0) {
                    if (Long.compareUnsigned(hash, item.firstHash()) >= 0) {
                        changes.updated(1);
                    } else {
                        changes.added(1);
                    }
                    return;
                }
                before.skip();
                continue;
            }
            int order = Long.compareUnsigned(item.firstHash(), hash);
            if (order == 0) {
                order = UNSIGNED.compare(old.getKey(), row.getKey());
            }
            if (order > 0) {
                break;
            }
            before.skip();
            if (order == 0) {
                if (!old.equals(row)) {
                    changes.updated(1);
                }
                return;
            }
            changes.removed(1);
        }
        changes.added(1);
    }

    @Override
    public void emptied(int bucket, long oldGeneration) {}

    @Override
    public void finish() {
        for (Item item = before.peek(); item != null; item = before.peek()) {
            if (item.row() != null) {
                changes.removed(1);
            }
            before.skip();
        }
        changes.unreadable(before.bucketsUnreadable());
    }
}
