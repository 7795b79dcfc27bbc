package io.penstock.publisher;

/**
 * The rows of a {@link RowSource}, one at a time. Not thread-safe; the accessors answer for the row {@link #next} moved
 * to, and the arrays are the caller's to keep.
 */
public interface RowCursor extends AutoCloseable {
    /**
     * Moves to the next row; false after the last. May block on the source.
     *
     * @throws SourceException if reading fails or the row does not fit the contract, naming field and row number
     */
    boolean next();

    /** The row's key in UTF-8, at most {@value #KEY_BYTES_MAX} bytes. */
    byte[] key();

    /**
     * The row as the contract's message, serialized deterministically, at most {@value #VALUE_BYTES_MAX} bytes. Empty if
     * the row is only to be removed.
     */
    byte[] value();

    /** The row's place in the order read; the first is 1. */
    long rowNumber();

    /** What the row does, and when it stops being readable. */
    default RowMark mark() {
        return RowMark.PLAIN;
    }

    /** Whether the source had NULL in a field, by its index in the contract message's {@code getFields()}. */
    boolean isNull(int fieldIndex);

    /** Stops reading and frees what the source holds. Idempotent; throws nothing. */
    @Override
    void close();

    /** The longest key a reader may ask for. */
    int KEY_BYTES_MAX = 1 << 10;

    /** The largest row a server answers with. */
    int VALUE_BYTES_MAX = 1 << 20;
}
