package io.penstock.store.lmdb;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.GetOp;
import org.lmdbjava.Txn;

/**
 * One read transaction that is used again and again: {@link #begin} takes the newest state, {@link #end} lets go of it.
 * Between the two, pages that writers free cannot be reused, so the time between is kept short.
 *
 * <p>Confined to one thread at a time. Its slot in LMDB's reader table is taken at the first {@code begin}.
 */
final class Snapshot implements AutoCloseable {
    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> dbi;
    private final ByteBuffer key = ByteBuffer.allocateDirect(KeyNames.KEY_BYTES_MAX);
    private @Nullable Txn<ByteBuffer> transaction;
    private boolean begun;

    Snapshot(Env<ByteBuffer> env, Dbi<ByteBuffer> dbi) {
        this.env = env;
        this.dbi = dbi;
    }

    void begin() {
        if (begun) {
            return;
        }
        if (transaction == null) {
            transaction = env.txnRead();
        } else {
            transaction.renew();
        }
        begun = true;
    }

    void end() {
        if (begun) {
            begun = false;
            transaction().reset();
        }
    }

    /**
     * The value under a key, or null: a read-only view of the map, valid until {@link #end}. LMDB's own buffer object is
     * shared by all reads of a transaction, so each answer gets its own; writing to the map would kill the process, so
     * it is read-only.
     */
    @Nullable
    ByteBuffer get(byte[] keyName) {
        ByteBuffer value = dbi.get(transaction(), key.clear().put(keyName).flip());
        return value == null ? null : value.asReadOnlyBuffer();
    }

    /** A copy of the value under a key, or null. */
    byte @Nullable [] copy(byte[] keyName) {
        ByteBuffer value = dbi.get(transaction(), key.clear().put(keyName).flip());
        return value == null ? null : copy(value);
    }

    /** Hands the keys at or above {@code from}, in order, to {@code each} until it returns false. */
    void keysFrom(byte[] from, KeyVisitor each) {
        try (Cursor<ByteBuffer> cursor = dbi.openCursor(transaction())) {
            boolean found = cursor.get(key.clear().put(from).flip(), GetOp.MDB_SET_RANGE);
            while (found && each.visit(copy(cursor.key()), cursor.val())) {
                found = cursor.next();
            }
        }
    }

    /** Bytes of the pages that hold data: free pages, and those of LMDB's own list of them, do not count. */
    long usedBytes() {
        var stat = dbi.stat(transaction());
        return (stat.branchPages + stat.leafPages + stat.overflowPages) * stat.pageSize;
    }

    static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    private Txn<ByteBuffer> transaction() {
        if (transaction == null) {
            throw new IllegalStateException("snapshot used before begin");
        }
        return transaction;
    }

    @Override
    public void close() {
        if (transaction != null) {
            transaction.close();
            transaction = null;
            begun = false;
        }
    }

    /** Sees one key. */
    interface KeyVisitor {
        /** Returns whether to go on; the value is valid during the call. */
        boolean visit(byte[] key, ByteBuffer value);
    }
}
