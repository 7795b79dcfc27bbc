package io.penstock.publisher;

import io.penstock.contract.Contract;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the rows of a publication come from. It separates reading and converting from making a version, so that a
 * warehouse, a file format or a test can stand behind it.
 *
 * <p>Called by the publishing thread only, which it may block. Every method throws {@link SourceException}. One
 * publication opens it once, a dry run too.
 */
public interface RowSource {
    /** One line for the manifest and for people: the source with everything secret redacted. Costs nothing. */
    String describe();

    /**
     * Up to when the data is complete, as the source declares it; empty if it declares nothing, and then the publisher
     * assumes the start of its read. Read before the rows, so that it is never newer than they are.
     */
    Optional<Instant> readDataAsOf();

    /**
     * What the rows of a delta begin from; empty if the source does not say, and then there can be no delta. Read before the
     * rows.
     */
    default Optional<DeltaBase> readBase() {
        return Optional.empty();
    }

    /** What to call a row in an error: its number, and more if there is more to say. */
    default String nameOf(long rowNumber) {
        return String.valueOf(rowNumber);
    }

    /**
     * Whether the time that {@link #readDataAsOf} gives was never declared, but taken over from a version that assumed it.
     */
    default boolean isDataAsOfAssumed() {
        return false;
    }

    /** Whether every row only removes, so that no rule for values can be broken. */
    default boolean removesOnly() {
        return false;
    }

    /**
     * Starts reading. Rows come in any order and are converted as strictly as {@code docs/types.md} says.
     *
     * @throws SourceException if the source is unreachable, refuses, or does not have the contract's fields
     */
    RowCursor open(Contract contract);
}
