package io.penstock.publisher.sort;

import io.penstock.publisher.RowMark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A piece of memory outside the heap that takes rows one behind the other and is then ordered as a whole. No row is an
 * object: the order is an array of numbers, each the top bits of a row's hash and, below them, where the row lies, so
 * that sorting numbers sorts rows. The few whose top bits are the same are put right by looking at them.
 *
 * <p>Filled by the sorting caller, ordered by the sorter's worker, read by the caller again; handed over by futures.
 */
final class Segment {
    /** The largest a segment may be: what the place in an entry can tell. */
    static final int CAPACITY_MAX = 1 << 30;

    private static final int PLACE_BITS = 27;
    private static final int PLACE_SHIFT = 3;
    private static final long PLACE_MASK = (1L << PLACE_BITS) - 1;

    /** So many rows before it is read, a record's memory is asked for. */
    private static final int READ_AHEAD_ROWS = 8;

    private static final int READ_AHEAD_STEP = 128; // processors fetch lines of 64 bytes in pairs
    private static final int READ_AHEAD_BYTES = 3 * READ_AHEAD_STEP;

    private final ByteBuffer records;
    private long[] order = {};
    private int rows;
    private int end;

    /** Of what was read ahead: nobody wants it, but without it the compiler would leave the reading out. */
    long aheadSum;

    private Segment(int capacity) {
        this.records = ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    }

    static Segment allocate(int capacity) {
        return new Segment(capacity);
    }

    int capacity() {
        return records.capacity();
    }

    int rows() {
        return rows;
    }

    /** Takes a row; false if it does not fit any more. */
    boolean add(long hash, byte[] key, byte[] value, RowMark mark, long number) {
        int bytes = SortRecord.bytes(key.length, value.length, mark.expiresAtMillis() != RowMark.NEVER);
        if (bytes > records.capacity() - end) {
            return false;
        }
        SortRecord.write(records, end, hash, key, value, mark, number);
        end += bytes;
        rows++;
        return true;
    }

    /** Orders what was added. */
    void sort() {
        long[] entries = new long[rows];
        int at = 0;
        for (int i = 0; i < rows; i++) {
            long hash = records.getLong(at + SortRecord.HASH) ^ Long.MIN_VALUE;
            entries[i] = (hash & ~PLACE_MASK) | at >>> PLACE_SHIFT;
            at += SortRecord.bytesAt(records, at);
        }
        Arrays.sort(entries);
        int from = 0;
        for (int i = 1; i <= rows; i++) {
            if (i == rows || ((entries[i] ^ entries[from]) & ~PLACE_MASK) != 0) {
                if (i - from > 1) {
                    sortTies(entries, from, i);
                }
                from = i;
            }
        }
        order = entries;
    }

    private void sortTies(long[] entries, int from, int to) {
        Integer[] places = new Integer[to - from];
        for (int i = from; i < to; i++) {
            places[i - from] = place(entries[i]);
        }
        Arrays.sort(places, (left, right) -> SortRecord.compare(records, left, records, right));
        for (int i = from; i < to; i++) {
            entries[i] = (entries[i] & ~PLACE_MASK) | places[i - from] >>> PLACE_SHIFT;
        }
    }

    private static int place(long entry) {
        return (int) (entry & PLACE_MASK) << PLACE_SHIFT;
    }

    /** Forgets its rows. */
    void clear() {
        order = new long[0];
        rows = 0;
        end = 0;
    }

    /** The rows in order, once they are {@linkplain #sort sorted}. */
    RecordCursor cursor() {
        return new RecordCursor() {
            private int next;

            @Override
            public boolean next() {
                if (next + READ_AHEAD_ROWS < order.length) {
                    readAhead(place(order[next + READ_AHEAD_ROWS]));
                }
                return next < order.length && moveTo(records, place(order[next++]));
            }

            /** Rows in order lie anywhere: without this each would be waited for, and nothing done meanwhile. */
            private void readAhead(int place) {
                int to = Math.min(place + READ_AHEAD_BYTES, end) - Long.BYTES;
                for (int at = place; at <= to; at += READ_AHEAD_STEP) {
                    aheadSum += records.getLong(at);
                }
            }

            @Override
            public void close() {}
        };
    }
}
