package io.penstock.benchmarks.load;

/** The due times of calls that no connection could take yet, first in, first out. Makes no object but to grow. */
final class DueCalls {
    private static final int PLACES_FIRST = 256;

    private long[] dues = new long[PLACES_FIRST];
    private int first;
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(long due) {
        if (size == dues.length) {
            long[] more = new long[2 * size];
            System.arraycopy(dues, first, more, 0, size - first);
            System.arraycopy(dues, 0, more, size - first, first);
            dues = more;
            first = 0;
        }
        dues[(first + size++) % dues.length] = due;
    }

    /** The oldest; only if there is one. */
    long remove() {
        long due = dues[first];
        first = (first + 1) % dues.length;
        size--;
        return due;
    }
}
