package io.penstock.serving.read;

/** A call on its way. Confined to the loop of its {@link ReadPath}. */
@FunctionalInterface
public interface ReadCall {
    /** A call that has its answer: there is nothing to cancel. */
    ReadCall ANSWERED = () -> {};

    /**
     * Forgets the call: its sink is not called any more. What it asked of the store goes on for those who wait for the
     * same. Does nothing after the answer.
     */
    void cancel();
}
