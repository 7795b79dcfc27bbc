package io.penstock.publisher.compare;

import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import org.jspecify.annotations.Nullable;

/**
 * One row in two versions.
 *
 * @param before null if the first version does not have it
 * @param after null if the second one does not
 */
public record RowPair(
        Manifest oldVersion,
        @Nullable Row before,
        Manifest newVersion,
        @Nullable Row after) {}
