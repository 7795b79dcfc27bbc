package io.penstock.publisher.testing;

import io.penstock.publisher.RowMark;
import io.penstock.publisher.RowOperation;
import io.penstock.publisher.sort.RowSorter;
import io.penstock.publisher.sort.SortedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sorts in the heap, so that a test need not start an engine. */
public final class HeapSorter implements RowSorter {
    private final List<Entry> rows = new ArrayList<>();
    private long bytes;

    private static final class Entry {
        final long hash;
        final byte[] key;
        final byte[] value;
        final RowMark mark;
        final long number;

        Entry(long hash, byte[] key, byte[] value, RowMark mark, long number) {
            this.hash = hash;
            this.key = key;
            this.value = value;
            this.mark = mark;
            this.number = number;
        }
    }

    @Override
    public void add(long hash, byte[] key, byte[] value, RowMark mark, long rowNumber) {
        rows.add(new Entry(hash, key.clone(), value.clone(), mark, rowNumber));
        bytes += key.length + value.length;
    }

    @Override
    public long rows() {
        return rows.size();
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public SortedRows sorted() {
        rows.sort((a, b) -> {
            int order = Long.compareUnsigned(a.hash, b.hash);
            return order != 0 ? order : Arrays.compareUnsigned(a.key, b.key);
        });
        return new SortedRows() {
            private int at = -1;

            @Override
            public boolean next() {
                return ++at < rows.size();
            }

            @Override
            public long hash() {
                return rows.get(at).hash;
            }

            @Override
            public int keyLength() {
                return rows.get(at).key.length;
            }

            @Override
            public int valueLength() {
                return rows.get(at).value.length;
            }

            @Override
            public void copyKey(byte[] target, int offset) {
                System.arraycopy(rows.get(at).key, 0, target, offset, keyLength());
            }

            @Override
            public void copyValue(byte[] target, int offset) {
                System.arraycopy(rows.get(at).value, 0, target, offset, valueLength());
            }

            @Override
            public RowOperation operation() {
                return rows.get(at).mark.operation();
            }

            @Override
            public long expiresAtMillis() {
                return rows.get(at).mark.expiresAtMillis();
            }

            @Override
            public long rowNumber() {
                return rows.get(at).number;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void close() {}
}
