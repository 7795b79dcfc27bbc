package io.penstock.store.lmdb;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.Txn;

/**
 * The write transaction in progress, as its writes see it. Only one process of the machine has one at a time, so it is
 * bounded in time and in bytes. Confined to the writer thread.
 */
final class WriteTransaction {
    /** How long a transaction takes new work; the commit comes on top. */
    static final long NANOS_MAX = 50_000_000;

    /**
     * What a key counts at least. LMDB never changes a page in place: a put or a delete of a single key may write a leaf
     * page anew, and the old one is free only after the next transaction but one. A transaction that touched many would
     * find a full store without pages to delete with.
     */
    static final int KEY_BYTES_MIN = 4_096;

    private final Dbi<ByteBuffer> dbi;
    private final Txn<ByteBuffer> transaction;
    private final ByteBuffer key;
    private final long startedAtNanos = System.nanoTime();
    private final long bytesMax;
    private final long blobBytesMax;
    private long bytes;

    /**
     * @param key a direct buffer to use
     * @param reserveBytes what blobs leave free, so that the rest goes on; a transaction takes at most a quarter of it
     * @param freeBytes what is free, the reserve included
     */
    WriteTransaction(
            Dbi<ByteBuffer> dbi, Txn<ByteBuffer> transaction, ByteBuffer key, long reserveBytes, long freeBytes) {
        this.dbi = dbi;
        this.transaction = transaction;
        this.key = key;
        this.bytesMax = reserveBytes / 4;
        this.blobBytesMax = freeBytes - reserveBytes;
    }

    /** Whether this transaction has had enough: what is left goes into the next. */
    boolean isSpent() {
        return bytes >= bytesMax || System.nanoTime() - startedAtNanos >= NANOS_MAX;
    }

    /** Whether {@code more} bytes of blobs fit without touching the reserve. A page split may double what they take. */
    boolean fits(long more) {
        return 2 * (bytes + more) <= blobBytesMax;
    }

    /** Identifies this transaction among all that were ever committed to the store; a later one has a higher id. */
    long id() {
        return transaction.getId();
    }

    /** The value under a key, or null: valid until the next call. */
    @Nullable
    ByteBuffer get(byte[] keyName) {
        return dbi.get(transaction, key(keyName));
    }

    void put(byte[] keyName, byte[] value) {
        count(value.length);
        dbi.reserve(transaction, key(keyName), value.length).put(value);
    }

    /** Puts a value unless there is one; returns whether the value that is there now is this one. */
    boolean putOnce(byte[] keyName, byte[] value) {
        ByteBuffer present = get(keyName);
        if (present == null) {
            put(keyName, value);
            return true;
        }
        count(0);
        return Arrays.equals(Snapshot.copy(present), value);
    }

    boolean delete(byte[] keyName) {
        count(0);
        return dbi.delete(transaction, key(keyName));
    }

    private void count(int valueBytes) {
        bytes += Math.max(KEY_BYTES_MIN, valueBytes);
    }

    private ByteBuffer key(byte[] keyName) {
        return key.clear().put(keyName).flip();
    }
}
