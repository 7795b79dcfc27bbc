package io.penstock.store;

/** What to do about what a store has not, in the same words wherever it is noticed. */
public final class Remedies {
    /** To be said after "has no catalog. ". */
    public static final String NO_CATALOG = "New: publish to it, or run 'penstock store init'. If there was one, the"
            + " store lost it: restore it, or stop every server and publisher of the namespace, then publish again";

    /** Of buckets, chunks and manifests that are missing or damaged. */
    public static final String LOST_DATA = "publish a snapshot of the data with 'penstock publish --rewrite'; an upsert"
            + " or delta cannot restore rows it does not write";

    private Remedies() {}
}
