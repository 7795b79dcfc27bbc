package io.penstock.publisher.write;

import io.penstock.publisher.RowCursor;
import io.penstock.publisher.sort.SortedRows;
import java.util.Arrays;

/** Watches that sorted rows come in the order of (hash, key) and that no key comes twice. Not thread-safe. */
public final class KeyOrder {
    private final RowLimits limits;
    private final byte[] keyBefore = new byte[RowCursor.KEY_BYTES_MAX];
    private int keyBeforeLength = -1;
    private long hashBefore;
    private long numberBefore;

    public KeyOrder(RowLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes the row the cursor stands on.
     *
     * @throws io.penstock.publisher.PublisherException if the row before has the same key
     */
    public void next(SortedRows rows) {
        long hash = rows.hash();
        if (keyBeforeLength >= 0 && Long.compareUnsigned(hashBefore, hash) >= 0) {
            require(rows);
        }
        hashBefore = hash;
        numberBefore = rows.rowNumber();
        keyBeforeLength = rows.keyLength();
        rows.copyKey(keyBefore, 0);
    }

    private void require(SortedRows rows) {
        int order = Long.compareUnsigned(hashBefore, rows.hash());
        if (order == 0) {
            byte[] key = rows.key();
            order = Arrays.compareUnsigned(keyBefore, 0, keyBeforeLength, key, 0, key.length);
            if (order == 0) {
                throw limits.duplicate(key, numberBefore, rows.rowNumber());
            }
        }
        if (order > 0) {
            throw new IllegalStateException("rows " + numberBefore + " and " + rows.rowNumber() + " are out of order");
        }
    }
}
