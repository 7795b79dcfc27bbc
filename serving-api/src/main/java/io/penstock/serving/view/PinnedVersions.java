package io.penstock.serving.view;

import io.penstock.serving.v1.Reason;
import org.jspecify.annotations.Nullable;

/** Versions named by requests ({@code version = N}). Thread-safe; nothing blocks. */
public interface PinnedVersions {
    /**
     * Finds a version in the dataset of the view a request has taken. If it is kept but not loaded, loading it begins
     * and the reason is {@code VERSION_LOADING}.
     *
     * @param nowNanos the monotonic clock's reading, by which the least recently used pin is given up for another
     */
    Pinned find(DatasetStatus dataset, long number, long nowNanos);

    /**
     * What came of it.
     *
     * @param view the version, or null
     * @param reason why there is none: {@code UNKNOWN_VERSION}, {@code VERSION_RETIRED}, {@code VERSION_ROLLED_BACK},
     *     {@code VERSION_LOADING}, or what went wrong with the last attempt to load it; {@code REASON_UNSPECIFIED} when
     *     there is one
     */
    record Pinned(@Nullable DatasetView view, Reason reason) {}
}
