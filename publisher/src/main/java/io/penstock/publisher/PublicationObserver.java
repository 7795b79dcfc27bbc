package io.penstock.publisher;

/**
 * Is told of every step of a publication. Called on the publishing thread, which waits for it; an exception ends the
 * publication as a failure would, an {@link Error} as a crash would: without cleaning up.
 */
@FunctionalInterface
public interface PublicationObserver {
    /** Looks away. */
    PublicationObserver NONE = (step, detail) -> {};

    /**
     * Is told of a step.
     *
     * @param detail for a person: which dataset, which chunk, how many rows; never a key or a value
     */
    void at(Step step, String detail);
}
