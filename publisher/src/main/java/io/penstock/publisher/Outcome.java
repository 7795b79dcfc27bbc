package io.penstock.publisher;

/** How a publication that did not fail ended. */
public enum Outcome {
    /** A new version is current and every live server serves it. */
    PUBLISHED,
    /** Nothing changed, so there is no new version; every live server serves the current one. */
    UNCHANGED,
    /** As one of the others, but not every live server is known to serve it, or its durability could not be confirmed. */
    ADOPTION_INCOMPLETE
}
