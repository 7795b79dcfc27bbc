package io.penstock.publisher.diff;

import com.google.protobuf.ByteString;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Row;
import io.penstock.store.layout.BucketEncoder;
import io.penstock.store.layout.BucketLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies the rows of a source to the buckets that have their keys, one bucket after the other. Not thread-safe. */
final class BucketUpdate {
    private static final Comparator<ByteString> UNSIGNED = ByteString.unsignedLexicographicalComparator();

    private final BucketLayout layout;
    private final RowRules rules;
    private final long version;
    private final Changes counts;
    private final RowChanges changes;
    private final BucketEncoder encoder = new BucketEncoder();
    private final List<Row> rows = new ArrayList<>();
    private final List<RowChange> told = new ArrayList<>();

    BucketUpdate(BucketLayout layout, RowRules rules, long version, Changes counts, RowChanges changes) {
        this.layout = layout;
        this.rules = rules;
        this.version = version;
        this.counts = counts;
        this.changes = changes;
    }

    /**
     * Applies rows to a bucket and tells what changed.
     *
     * @param before the bucket as it is
     * @param source the rows in order
     * @return the new body, empty if no row is left; null if nothing changed
     */
    byte @Nullable [] apply(Bucket before, List<SourceRow> source) {
        rows.clear();
        told.clear();
        int at = 0;
        for (SourceRow incoming : source) {
            while (at < before.getRowsCount() && compare(before.getRows(at), incoming) < 0) {
                rows.add(before.getRows(at++));
            }
            boolean present = at < before.getRowsCount() && compare(before.getRows(at), incoming) == 0;
            apply(present ? before.getRows(at++) : null, incoming);
        }
        rows.addAll(before.getRowsList().subList(at, before.getRowsCount()));
        if (told.isEmpty()) {
            return null;
        }
        leaveOut(source);
        told.forEach(changes::changed);
        return encode(before, source);
    }

    private int compare(Row row, SourceRow incoming) {
        int order = Long.compareUnsigned(layout.hash(row.getKey().toByteArray()), incoming.hash());
        return order != 0 ? order : UNSIGNED.compare(row.getKey(), incoming.key());
    }

    private void apply(@Nullable Row old, SourceRow incoming) {
        counts.applied();
        Row present = rules.apply(old, incoming);
        if (present != null) {
            rows.add(present);
        }
        if (old == null && present != null) {
            told.add(RowChange.added(version, present));
        } else if (old != null && present == null) {
            told.add(RowChange.removed(version, old));
        } else if (old != null && present != null && !old.equals(present)) {
            told.add(RowChange.updated(version, old, present));
        }
    }

    /** Rows that are long over go now that the bucket is written anyway, but for those that were just written. */
    private void leaveOut(List<SourceRow> source) {
        rows.removeIf(row -> {
            boolean leftOut = rules.isLeftOut(row)
                    && source.stream().noneMatch(incoming -> incoming.key().equals(row.getKey()));
            if (leftOut) {
                told.add(RowChange.removed(version, row));
            }
            return leftOut;
        });
    }

    private byte[] encode(Bucket before, List<SourceRow> source) {
        if (before.getRowsCount() > 0) {
            counts.gone(before.getRowsCount(), before.getSerializedSize());
        }
        rows.forEach(encoder::add);
        if (encoder.rowBytes() > BucketEncoder.BODY_BYTES_MAX) {
            SourceRow last = source.get(source.size() - 1);
            throw rules.limits().bucketTooLarge(last.key().toByteArray(), last.number());
        }
        byte[] body = encoder.finish();
        if (!rows.isEmpty()) {
            counts.present(rows.size(), body.length);
        }
        return body;
    }
}
