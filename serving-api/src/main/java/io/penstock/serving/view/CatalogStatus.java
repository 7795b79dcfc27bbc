package io.penstock.serving.view;

import java.time.Duration;

/**
 * What a server knows about a namespace's catalog, and since when. One object a namespace, shared by all its views: a
 * confirmation a second must not make a view a second.
 *
 * <p>Written by the {@code penstock-view} thread, read by every event loop. The fields are read apart from each other;
 * only the confirmation decides about answers, and it is one of them.
 */
public final class CatalogStatus {
    private final String namespace;
    private final long maxUnconfirmedNanos;

    private volatile long confirmedAtNanos;
    private volatile Condition condition = Condition.UNREAD;
    private volatile String problem = "";

    /**
     * Begins unread.
     *
     * @param maxUnconfirmed how long reads are answered without a confirmation
     * @param nowNanos the monotonic clock's reading; from now on the catalog counts as unconfirmed
     */
    public CatalogStatus(String namespace, Duration maxUnconfirmed, long nowNanos) {
        this.namespace = namespace;
        this.maxUnconfirmedNanos = maxUnconfirmed.toNanos();
        this.confirmedAtNanos = nowNanos;
    }

    public String namespace() {
        return namespace;
    }

    /**
     * Whether reads may be answered: the catalog was seen to be what the view shows within {@code max_unconfirmed}. If
     * not, they are answered {@code CATALOG_UNCONFIRMED}. One volatile read and a comparison.
     *
     * @param nowNanos the monotonic clock's reading
     */
    public boolean isConfirmed(long nowNanos) {
        return nowNanos - confirmedAtNanos <= maxUnconfirmedNanos;
    }

    /** The monotonic clock's reading when the last confirmation was asked for. */
    public long confirmedAtNanos() {
        return confirmedAtNanos;
    }

    /** What came of the last attempt to read it. */
    public Condition condition() {
        return condition;
    }

    /** For the operator: why it is not confirmed and what to do; empty when it is. */
    public String problem() {
        return problem;
    }

    /** The catalog was seen to be what the view shows, asked at {@code askedAtNanos}. */
    public void confirm(long askedAtNanos) {
        confirmedAtNanos = askedAtNanos;
        problem = "";
        condition = Condition.CONFIRMED;
    }

    /** The catalog could not be confirmed; the last confirmation stays what it is. */
    public void fail(Condition newCondition, String newProblem) {
        problem = newProblem;
        condition = newCondition;
    }

    /** What came of the last attempt to read a catalog. */
    public enum Condition {
        /** Nothing came of any attempt yet. */
        UNREAD,
        /** It is what the view shows, or the view is on its way to it. */
        CONFIRMED,
        /** The store did not answer. */
        UNREACHABLE,
        /** There is none. */
        NOT_INITIALISED,
        /** It is damaged or written by a newer format. */
        UNREADABLE,
        /** Its history contradicts what this server has served. Only a restart ends this. */
        FORKED
    }
}
