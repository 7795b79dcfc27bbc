package io.penstock.publisher.diff;

import com.google.protobuf.ByteString;
import io.penstock.storage.v1.Row;
import org.jspecify.annotations.Nullable;

/**
 * One row that a version has otherwise than the version before it.
 *
 * @param version the number of the version that has it otherwise
 * @param before whether the version before has the key; unknown if its bucket could not be read
 * @param old the row before; null if there was none, or it is unknown
 * @param present the row now; null if there is none
 */
public record RowChange(
        long version,
        ByteString key,
        Kind kind,
        Presence before,
        @Nullable Row old,
        @Nullable Row present) {
    /** What became of it. */
    public enum Kind {
        ADDED,
        UPDATED,
        REMOVED
    }

    /** Whether a key is there. */
    public enum Presence {
        ABSENT,
        PRESENT,
        UNKNOWN
    }

    static RowChange added(long version, Row present) {
        return new RowChange(version, present.getKey(), Kind.ADDED, Presence.ABSENT, null, present);
    }

    static RowChange updated(long version, Row old, Row present) {
        return new RowChange(version, present.getKey(), Kind.UPDATED, Presence.PRESENT, old, present);
    }

    /** Of a row whose bucket could not be read. */
    static RowChange replaced(long version, Row present) {
        return new RowChange(version, present.getKey(), Kind.UPDATED, Presence.UNKNOWN, null, present);
    }

    static RowChange removed(long version, Row old) {
        return new RowChange(version, old.getKey(), Kind.REMOVED, Presence.PRESENT, old, null);
    }

    /** Whether the new version has the key. */
    public Presence after() {
        return present == null ? Presence.ABSENT : Presence.PRESENT;
    }
}
