package io.penstock.publisher.sort;

import io.penstock.publisher.RowOperation;
import java.util.List;

/** Several cursors as one: a heap of them, the one with the first row at its top. */
final class MergedRows implements SortedRecords {
    private final RecordCursor[] heap;
    private int size;
    private boolean started;

    MergedRows(List<RecordCursor> inputs) {
        this.heap = new RecordCursor[inputs.size()];
        for (RecordCursor input : inputs) {
            if (input.next()) {
                heap[size++] = input;
            }
        }
        for (int i = size / 2 - 1; i >= 0; i--) {
            siftDown(i);
        }
    }

    @Override
    public boolean next() {
        if (!started) {
            started = true;
        } else if (size > 0) {
            if (!heap[0].next()) {
                heap[0] = heap[--size];
            }
            siftDown(0);
        }
        return size > 0;
    }

    private void siftDown(int from) {
        int at = from;
        RecordCursor moving = heap[at];
        for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && heap[child + 1].compareTo(heap[child]) < 0) {
                child++;
            }
            if (moving.compareTo(heap[child]) <= 0) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = moving;
    }

    @Override
    public RecordCursor current() {
        return heap[0];
    }

    @Override
    public long hash() {
        return heap[0].hash();
    }

    @Override
    public int keyLength() {
        return heap[0].keyLength();
    }

    @Override
    public int valueLength() {
        return heap[0].valueLength();
    }

    @Override
    public void copyKey(byte[] target, int offset) {
        heap[0].copyKey(target, offset);
    }

    @Override
    public void copyValue(byte[] target, int offset) {
        heap[0].copyValue(target, offset);
    }

    @Override
    public RowOperation operation() {
        return heap[0].operation();
    }

    @Override
    public long expiresAtMillis() {
        return heap[0].expiresAtMillis();
    }

    @Override
    public long rowNumber() {
        return heap[0].rowNumber();
    }

    @Override
    public void close() {
        size = 0;
    }
}
