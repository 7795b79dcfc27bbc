package io.penstock.publisher;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a delta begins from: the version whose {@code data_as_of} this is.
 *
 * @param dataAsOf null: from nothing, as the first publication of a dataset
 */
public record DeltaBase(@Nullable Instant dataAsOf) {
    public static final DeltaBase NONE = new DeltaBase(null);

    @Override
    public String toString() {
        return dataAsOf == null ? "none" : dataAsOf.toString();
    }
}
