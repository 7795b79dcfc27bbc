package io.penstock.store.blob;

/**
 * Reads blobs for one event loop and is confined to it: every method is called on that loop, and every callback runs
 * there. This shape decides the p99: no hand-over between threads, no lock, and the misses of one turn of the loop leave
 * the machine together.
 *
 * <p>No method blocks. The number of unanswered reads is bounded by the backend; beyond it callbacks get
 * {@code OVERLOADED} at once. A reader has no deadlines of its own beyond giving a dead connection up; callers keep
 * theirs and ignore late answers.
 */
public interface BlobReader extends AutoCloseable {
    /**
     * Asks for a blob. The read joins the turn's batch and leaves with {@link #flush} at the latest; a backend that has
     * the blob at hand may answer before this method returns.
     */
    void get(BlobAddress address, Consistency consistency, BlobCallback callback);

    /** Sends what was asked for since the last flush. The caller calls it once at the end of each turn that asked. */
    void flush();

    /** Fails what is unanswered with {@code CLOSED} and releases the connection. Idempotent. */
    @Override
    void close();

    /** How sure a read must be that a blob is not there. */
    enum Consistency {
        /** The nearest copy. Blobs are immutable and sealed, so it can miss a blob but never give a wrong one. */
        NEAREST,
        /** What a quorum, or the primary, has: a blob whose write was confirmed is found. */
        STRONG
    }
}
