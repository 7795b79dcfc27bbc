package io.penstock.publisher.compare;

import com.google.protobuf.ByteString;
import io.penstock.storage.v1.Row;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row that is not the same in two versions.
 *
 * @param before null if the first version does not have it
 * @param after null if the second one does not
 */
public record RowDifference(@Nullable Row before, @Nullable Row after) {
    public RowDifference {
        if (before == null && after == null) {
            throw new IllegalArgumentException("a row that neither version has");
        }
    }

    /** What happened to it on the way from the first version to the second. */
    public enum Kind {
        ADDED,
        UPDATED,
        REMOVED
    }

    public Kind kind() {
        return before == null ? Kind.ADDED : after == null ? Kind.REMOVED : Kind.UPDATED;
    }

    public ByteString key() {
        return before != null ? before.getKey() : Objects.requireNonNull(after).getKey();
    }
}
