package io.penstock.publisher.write;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.RowCursor;
import io.penstock.store.layout.BucketEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.LongFunction;

/** Refuses what would make a read or a publication unbounded, naming the row and the limit. */
public final class RowLimits {
    private final String dataset;
    private final boolean showKeys;
    private final LongFunction<String> names;

    /** @param showKeys whether messages may hold the key */
    public RowLimits(String dataset, boolean showKeys) {
        this(dataset, showKeys, String::valueOf);
    }

    /**
     * Limits of rows that have names.
     *
     * @param names what to call a row of a number
     */
    public RowLimits(String dataset, boolean showKeys, LongFunction<String> names) {
        this.dataset = dataset;
        this.showKeys = showKeys;
        this.names = names;
    }

    /** Refuses a row whose key or value is too large, or whose key is empty. */
    public void check(byte[] key, byte[] value, long rowNumber) {
        if (key.length == 0) {
            throw refused("EMPTY_KEY", row(rowNumber) + ": the key is empty; give every row a key");
        }
        if (key.length > RowCursor.KEY_BYTES_MAX) {
            throw refused(
                    "KEY_TOO_LONG",
                    row(rowNumber) + keyText(key) + ": the key has " + bytes(key.length) + " (limit: "
                            + bytes(RowCursor.KEY_BYTES_MAX) + ")");
        }
        if (value.length > RowCursor.VALUE_BYTES_MAX) {
            throw refused(
                    "ROW_TOO_LARGE",
                    row(rowNumber) + keyText(key) + ": the row has " + bytes(value.length) + " (limit: "
                            + bytes(RowCursor.VALUE_BYTES_MAX) + ")");
        }
    }

    /** Refuses an insert of a key that is there with another value. */
    public PublisherException insertOfPresent(byte[] key, long rowNumber) {
        return refused(
                "INSERT_OF_PRESENT",
                row(rowNumber) + keyText(key) + ": insert, but the version before has the key with another value;"
                        + " say upsert if that is meant, or publish a delta that follows that version");
    }

    /** Refuses a bucket above its limit; the row is one of those in it. */
    public PublisherException bucketTooLarge(byte[] key, long rowNumber) {
        return refused(
                "BUCKET_TOO_LARGE",
                row(rowNumber) + keyText(key) + ": the rows that share its bucket exceed "
                        + bytes(BucketEncoder.BODY_BYTES_MAX) + " (the limit of a bucket); make the rows smaller");
    }

    PublisherException duplicate(byte[] key, long firstRow, long secondRow) {
        return refused(
                "DUPLICATE_KEY",
                "rows " + names.apply(Math.min(firstRow, secondRow)) + " and "
                        + names.apply(Math.max(firstRow, secondRow))
                        + " have the same key" + keyText(key) + "; the query must give one row a key"
                        + (showKeys ? "" : " (--show-keys shows it)"));
    }

    /** Refuses two rows with the same value of a field that the contract calls unique; the value is not said. */
    public PublisherException sameValue(String field, long firstRow, long secondRow) {
        return refused(
                "RULE_VIOLATED",
                "rows " + names.apply(Math.min(firstRow, secondRow)) + " and "
                        + names.apply(Math.max(firstRow, secondRow)) + ", field " + field
                        + ": have the same value, and the contract says unique; correct the rows, or leave the rule out");
    }

    /** A row that was merged from the version before has no number. */
    private String row(long rowNumber) {
        return rowNumber == 0 ? "a row of the version before" : "row " + names.apply(rowNumber);
    }

    private PublisherException refused(String code, String what) {
        return new PublisherException(Category.REFUSED, code, dataset + ": " + what);
    }

    private String keyText(byte[] key) {
        return showKeys ? " '" + new String(key, StandardCharsets.UTF_8) + "'" : "";
    }

    private static String bytes(long count) {
        return String.format(Locale.ROOT, "%,d bytes", count);
    }
}
