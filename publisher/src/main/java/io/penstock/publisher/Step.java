package io.penstock.publisher;

/**
 * The named points of a publication, in the order they are reached. Progress is told by them, and tests stop or kill a
 * publisher at each; whatever happens there, readers see the old version or the new one, whole.
 */
public enum Step {
    /** The contract was checked against every earlier one; nothing was changed yet. */
    PLANNED,
    /** The publisher's heartbeat stands in the store. */
    ANNOUNCED,
    /** Another publication holds the slot; its heartbeat is about to be watched. */
    SLOT_WATCHED,
    /** The slot is taken. */
    SLOT_TAKEN,
    /** The version to compare with was loaded. */
    PARENT_LOADED,
    /** The source is about to be opened. */
    READING,
    /** Some rows were read; reached again and again. */
    ROWS_READ,
    /** All rows were read. */
    READ,
    /** The layout was chosen. */
    LAYOUT_CHOSEN,
    /** The layout stands in the catalog; blobs may be written. */
    LAYOUT_RECORDED,
    /** A chunk's intent is durable; reached for each changed chunk. */
    INTENT_WRITTEN,
    /** Some changed buckets were handed to the store; reached again and again. */
    BUCKETS_SENT,
    /** All changed buckets of a chunk, and its digest chunk, were confirmed. */
    BUCKETS_CONFIRMED,
    /** A chunk was confirmed. */
    CHUNK_WRITTEN,
    /** Every changed chunk was written. */
    WRITTEN,
    /** The read-back of what was written is about to begin. */
    VERIFYING,
    /** Every check has run and passed. */
    VERIFIED,
    /** The manifest is about to be written. */
    MANIFEST_READY,
    /** The manifest was confirmed and read back. */
    MANIFEST_WRITTEN,
    /** The store's durability barrier was passed. */
    BARRIER_PASSED,
    /** The compare-and-set that makes the version current is about to be sent. */
    COMMITTING,
    /** The version is current. */
    COMMITTED,
    /** The barrier after the commit was passed. */
    COMMIT_DURABLE,
    /** The intents were deleted. */
    INTENTS_DELETED,
    /** Servers are about to be waited for. */
    AWAITING_ADOPTION,
    /** Every live server serves the version, or the wait is over. */
    ADOPTION_AWAITED,
    /** Versions beyond retention are marked. */
    RETIRED,
    /** The collector has read catalog and presence and is about to delete. */
    COLLECTING,
    /** The collector deleted some blobs; reached again and again. */
    BLOBS_DELETED,
    /** A version's blobs are gone and the catalog is about to forget it. */
    VERSION_COLLECTED,
    /** The collector is done. */
    COLLECTED
}
