package io.penstock.client;

import java.util.Map;

/** The answers to a {@link Batch}. Immutable. */
public final class BatchResult {
    private final Map<Batch.Part<?>, BatchRows<?>> rows;

    BatchResult(Map<Batch.Part<?>, BatchRows<?>> rows) {
        this.rows = Map.copyOf(rows);
    }

    /**
     * The rows of a part, or its failure.
     *
     * @throws IllegalArgumentException if the part is of another batch
     */
    @SuppressWarnings("unchecked") // the rows of a part are made with its own decoder
    public <T> BatchRows<T> rows(Batch.Part<T> part) {
        BatchRows<?> found = rows.get(part);
        if (found == null) {
            throw new IllegalArgumentException("part: not of this batch (expected: what add returned for it)");
        }
        return (BatchRows<T>) found;
    }
}
