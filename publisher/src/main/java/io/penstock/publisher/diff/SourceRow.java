package io.penstock.publisher.diff;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.sort.SortedRows;
import io.penstock.storage.v1.Row;

/** A row of the source, taken out of the sorted stream to wait for the row that it changes. */
record SourceRow(long hash, ByteString key, ByteString value, RowMark mark, long number) {
    /** The row the cursor stands on. */
    static SourceRow of(SortedRows rows) {
        return new SourceRow(
                rows.hash(),
                UnsafeByteOperations.unsafeWrap(rows.key()),
                UnsafeByteOperations.unsafeWrap(rows.value()),
                new RowMark(rows.operation(), rows.expiresAtMillis()),
                rows.rowNumber());
    }

    int bytes() {
        return key.size() + value.size();
    }

    /** As it is stored. */
    Row toRow() {
        Row.Builder row = Row.newBuilder().setKey(key).setValue(value);
        if (mark.expiresAtMillis() != RowMark.NEVER) {
            row.setExpiresAt(mark.expiresAtMillis());
        }
        return row.build();
    }
}
