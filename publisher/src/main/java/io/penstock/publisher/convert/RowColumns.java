package io.penstock.publisher.convert;

import org.jspecify.annotations.Nullable;

/**
 * Columns that say something of a row besides its fields. One that has the name of a field, too, is both.
 *
 * @param operation {@code insert}, {@code upsert} or {@code delete}, in a delta; null = every row is to be set
 * @param expiresAt when the row stops being readable; null = no row says
 */
public record RowColumns(
        @Nullable String operation, @Nullable String expiresAt) {
    public static final String OPERATION_DEFAULT = "_op";
    public static final RowColumns NONE = new RowColumns(null, null);
}
