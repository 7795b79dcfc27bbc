package io.penstock.serving.read.cache;

import io.penstock.store.DatasetId;
import java.util.Arrays;

/**
 * A key of a dataset, with its hash computed once. As a probe it points into the request in hand and is pointed
 * elsewhere for the next; what the cache keeps is a {@link #copy} that never changes. A probe is confined to its loop.
 */
public final class RowKey {
    private static final DatasetId NOWHERE = new DatasetId("none", "none");

    private DatasetId dataset;
    private byte[] bytes;
    private int offset;
    private int length;
    private int hash;

    private RowKey(DatasetId dataset, byte[] bytes, int offset, int length, int hash) {
        this.dataset = dataset;
        this.bytes = bytes;
        this.offset = offset;
        this.length = length;
        this.hash = hash;
    }

    /** A key to be pointed somewhere before it is used. */
    public static RowKey probe() {
        return new RowKey(NOWHERE, new byte[0], 0, 0, 0);
    }

    /** Points a probe. */
    public RowKey point(DatasetId newDataset, byte[] newBytes, int newOffset, int newLength, long keyHash) {
        if (!dataset.equals(newDataset)) {
            dataset = newDataset;
        }
        if (bytes != newBytes) { // of a batch they stay the same, and to store a reference here costs a memory fence
            bytes = newBytes;
        }
        offset = newOffset;
        length = newLength;
        hash = hash(newDataset, keyHash);
        return this;
    }

    /** The hash code of a dataset's key, by the hash of its bytes. */
    static int hash(DatasetId dataset, long keyHash) {
        return Long.hashCode(keyHash) * 31 + dataset.hashCode();
    }

    /** A key of its own with the same content. */
    public RowKey copy() {
        return new RowKey(dataset, Arrays.copyOfRange(bytes, offset, offset + length), 0, length, hash);
    }

    public DatasetId dataset() {
        return dataset;
    }

    /** Where the key's bytes are. Not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKey that
                && hash == that.hash
                && length == that.length
                && Arrays.equals(bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length)
                && dataset.equals(that.dataset);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
