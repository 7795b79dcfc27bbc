package io.penstock.publisher.compare;

import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a move of the current version, by a publication or a rollback, did to one row.
 *
 * @param revision the move's
 * @param movedAt when
 * @param rollback whether it went back to a version that had been current before
 * @param number of the version it moved to; 0 if the catalog does not list it any more
 * @param version it moved to; null if it is not kept any more
 * @param row as it was from then on; null if it was not there, or is not known
 */
public record RowMoment(
        long revision,
        Instant movedAt,
        boolean rollback,
        long number,
        @Nullable Manifest version,
        Change change,
        @Nullable Row row) {
    /** What became of the row. */
    public enum Change {
        /** It came. */
        ADDED,
        /** It has another value or another time of expiry. */
        UPDATED,
        /** It went. */
        REMOVED,
        /** It is as it was before, there or not. */
        UNCHANGED,
        /** It is there, and what was before is not kept any more. */
        PRESENT,
        /** It is not there, and what was before is not kept any more. */
        ABSENT,
        /** The version is not kept any more. */
        UNKNOWN
    }
}
