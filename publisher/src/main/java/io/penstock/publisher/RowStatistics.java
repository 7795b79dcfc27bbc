package io.penstock.publisher;

/** Counts the rows of a cursor as they pass: how many, how large, and in how many each field was NULL. Not thread-safe. */
public final class RowStatistics {
    private final long[] nulls;
    private long rows;
    private long bytes;

    /**
     * Nothing counted yet.
     *
     * @param fields how many top-level fields the contract's message has
     */
    public RowStatistics(int fields) {
        this.nulls = new long[fields];
    }

    /** Counts the row the cursor stands on. */
    public void count(RowCursor row) {
        rows++;
        bytes += row.key().length + row.value().length;
        if (row.mark().operation() == RowOperation.DELETE) {
            return;
        }
        for (int i = 0; i < nulls.length; i++) {
            if (row.isNull(i)) {
                nulls[i]++;
            }
        }
    }

    public long rows() {
        return rows;
    }

    /** Bytes of all keys and values. */
    public long bytes() {
        return bytes;
    }

    /** In how many rows the source had NULL in a field, by its index in the contract message's {@code getFields()}. */
    public long nulls(int fieldIndex) {
        return nulls[fieldIndex];
    }
}
