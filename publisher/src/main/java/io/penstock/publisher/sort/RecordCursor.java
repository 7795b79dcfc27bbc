package io.penstock.publisher.sort;

import io.penstock.publisher.RowOperation;
import java.nio.ByteBuffer;

/** Rows in order, each a {@link SortRecord} in some buffer; where the next one is, is the subclass's to know. */
abstract class RecordCursor implements SortedRecords {
    // Where moveTo was last told to stand.
    private ByteBuffer records = ByteBuffer.allocate(0);

    private int at;
    private long hash;

    /** Stands on the record at a place from now on. */
    final boolean moveTo(ByteBuffer buffer, int place) {
        records = buffer;
        at = place;
        hash = buffer.getLong(place + SortRecord.HASH);
        return true;
    }

    final int compareTo(RecordCursor other) {
        return hash != other.hash
                ? Long.compareUnsigned(hash, other.hash)
                : SortRecord.compare(records, at, other.records, other.at);
    }

    /** The bytes {@link #copyRecord} copies. */
    final int recordBytes() {
        return SortRecord.bytesAt(records, at);
    }

    /** Copies the record as it is to the buffer's position. */
    final void copyRecord(ByteBuffer target) {
        int bytes = recordBytes();
        target.put(target.position(), records, at, bytes);
        target.position(target.position() + bytes);
    }

    @Override
    public final RecordCursor current() {
        return this;
    }

    @Override
    public final long hash() {
        return hash;
    }

    @Override
    public final int keyLength() {
        return SortRecord.keyLength(records, at);
    }

    @Override
    public final int valueLength() {
        return records.getInt(at + SortRecord.VALUE_LENGTH);
    }

    @Override
    public final void copyKey(byte[] target, int offset) {
        records.get(at + SortRecord.KEY, target, offset, keyLength());
    }

    @Override
    public final void copyValue(byte[] target, int offset) {
        records.get(at + SortRecord.KEY + keyLength(), target, offset, valueLength());
    }

    @Override
    public final RowOperation operation() {
        return SortRecord.operation(records, at);
    }

    @Override
    public final long expiresAtMillis() {
        return SortRecord.expiresAtMillis(records, at);
    }

    @Override
    public final long rowNumber() {
        return records.getLong(at + SortRecord.NUMBER);
    }
}
