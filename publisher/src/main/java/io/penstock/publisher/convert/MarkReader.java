package io.penstock.publisher.convert;

import io.penstock.publisher.RowMark;
import io.penstock.publisher.RowOperation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads what a row does and when it expires from its columns. */
final class MarkReader {
    private static final int NO_COLUMN = -1;

    private final RowColumns names;
    private final int operation;
    private final int expiresAt;

    /** The places of the columns; negative = there is none. */
    MarkReader(RowColumns names, @Nullable Integer operation, @Nullable Integer expiresAt) {
        this.names = names;
        this.operation = operation == null ? NO_COLUMN : operation;
        this.expiresAt = expiresAt == null ? NO_COLUMN : expiresAt;
    }

    RowMark read(@Nullable Object[] row) {
        if (operation == NO_COLUMN && expiresAt == NO_COLUMN) {
            return RowMark.PLAIN;
        }
        RowOperation done = operation == NO_COLUMN ? RowOperation.UPSERT : operation(row[operation]);
        boolean lives = expiresAt != NO_COLUMN && done != RowOperation.DELETE;
        long millis = lives ? expiry(row[expiresAt]) : RowMark.NEVER;
        return done == RowOperation.UPSERT && millis == RowMark.NEVER ? RowMark.PLAIN : new RowMark(done, millis);
    }

    private RowOperation operation(@Nullable Object value) {
        RowOperation known = value instanceof String text
                ? switch (text) {
                    case "insert" -> RowOperation.INSERT;
                    case "upsert" -> RowOperation.UPSERT;
                    case "delete" -> RowOperation.DELETE;
                    default -> null;
                }
                : null;
        if (known == null) {
            throw new ConversionException(
                            "UNKNOWN_OPERATION",
                            (value == null
                                            ? "NULL"
                                            : value instanceof String
                                                    ? "this text is no operation"
                                                    : "a value of kind " + ValueKind.of(value) + " is no operation")
                                    + " (expected: insert, upsert or delete)")
                    .within(String.valueOf(names.operation()));
        }
        return known;
    }

    /** To the millisecond before, so that nothing is readable for longer than it says. */
    private long expiry(@Nullable Object value) {
        if (value == null) {
            return RowMark.NEVER;
        }
        try {
            Instant instant = TimeWriters.toTimestamp(value);
            return instant.toEpochMilli();
        } catch (ConversionException e) {
            throw e.within(String.valueOf(names.expiresAt()));
        }
    }
}
