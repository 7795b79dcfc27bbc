package io.penstock.publisher.diff;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.store.DatasetId;

/** What an upsert or a delta says when the version before, most of which it keeps, cannot be read. */
public final class UnreadableParent {
    private UnreadableParent() {}

    /**
     * Refuses, and says what would help.
     *
     * @param what is missing or damaged
     */
    public static PublisherException of(DatasetId dataset, String what) {
        return new PublisherException(
                Category.DATA_LOSS,
                "PARENT_UNREADABLE",
                dataset + ": not published: " + what
                        + " of the version before is missing or damaged, and this mode keeps"
                        + " what it does not write; publish a snapshot, which needs nothing of it");
    }
}
