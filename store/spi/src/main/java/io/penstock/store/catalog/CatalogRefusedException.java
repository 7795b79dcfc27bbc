package io.penstock.store.catalog;

import java.util.Objects;

/**
 * The catalog, read correctly, does not allow the transition. Nothing was changed. It is checked because every caller
 * decides what each {@link Reason} means for it.
 */
public final class CatalogRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public CatalogRefusedException(Reason reason, String message) {
        super(Objects.requireNonNull(message), null, false, false);
        this.reason = Objects.requireNonNull(reason);
    }

    public Reason reason() {
        return reason;
    }

    /** Why a transition was refused. */
    public enum Reason {
        /** Publications of the dataset are paused. */
        PAUSED,
        /** Another publication holds the slot. */
        SLOT_BUSY,
        /** The slot is not, or no longer, this publication's: it was taken over, or a rollback cleared it. */
        FENCED,
        /** The catalog knows no such dataset. */
        UNKNOWN_DATASET,
        /** The dataset has no such version, or none that may be used. */
        UNKNOWN_VERSION,
        /** The rollback's target is what is served. */
        ALREADY_CURRENT,
        /** The version was rolled back before. */
        ROLLED_BACK,
        /** The version is being deleted. */
        RETIRING,
        /** The version's time is over. */
        EXPIRED,
        /** A dataset that was committed together with an undone version has nothing to go back to. */
        PARTNER_HAS_NO_TARGET,
        /** The version is current, or the parent of a publication in progress. */
        IN_USE,
        /** The catalog has no room for another publication. */
        CATALOG_FULL
    }
}
