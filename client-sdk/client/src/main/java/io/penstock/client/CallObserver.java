package io.penstock.client;

/**
 * Hears of every call that a client made, to count it. Called on the thread that saw the call end, the waiting one for
 * blocking reads; must not block, must be thread-safe, and what it throws is lost.
 */
@FunctionalInterface
public interface CallObserver {
    /** A call ended, one way or another. A batch of several requests is as many calls. */
    void ended(CallReport report);
}
