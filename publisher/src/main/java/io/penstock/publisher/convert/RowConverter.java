package io.penstock.publisher.convert;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.RowOperation;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.convert.MessageWriter.MessageWriters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns the rows of one query into keys and serialized messages of one contract. Column names are the contract's field
 * names, regardless of case and order; each field has a column and each column a field, so that neither a misspelt column
 * nor a forgotten field goes unnoticed.
 *
 * <p>The bytes are deterministic: equal rows are equal bytes, whatever the order of columns or of a map's entries. Reused
 * for all rows; not thread-safe.
 */
public final class RowConverter {
    private static final byte[] NOTHING = {};

    private final Contract contract;
    private final boolean showKeys;
    private final MessageWriter writer;
    private final Output out = new Output();
    /** For each field in number order: its column, its place in {@code getFields()}, what its values have to be. */
    private final int[] columns;

    private final int[] fieldIndexes;
    private final @Nullable ValueRule[] rules;
    private final boolean[] notNull;
    private final int[] keyPositions;
    private final @Nullable Object[] values;
    private final boolean[] nulls;
    private final MarkReader marks;
    private RowMark mark = RowMark.PLAIN;
    private byte[] key = {};
    private byte[] value = {};

    /**
     * A converter for the rows of one query.
     *
     * @param columnNames the query's columns in order
     * @param showKeys whether an error about a row may name its key
     * @throws SourceException if the columns are not the contract's fields
     */
    public RowConverter(Contract contract, List<String> columnNames, boolean showKeys) {
        this(contract, columnNames, RowColumns.NONE, showKeys);
    }

    /**
     * A converter for rows that say more than their fields.
     *
     * @param columnNames the query's columns in order
     * @param special which of them are more than fields
     * @param showKeys whether an error about a row may name its key
     * @throws SourceException if the columns are not the contract's fields and the special ones
     */
    public RowConverter(Contract contract, List<String> columnNames, RowColumns special, boolean showKeys) {
        this.contract = contract;
        this.showKeys = showKeys;
        Descriptor message = contract.descriptor();
        message.getFields().forEach(RowConverter::checkSupported);
        this.writer = new MessageWriter(message, new MessageWriters());
        List<FieldDescriptor> fields = writer.fields();
        Columns found = Columns.of(message, fields, columnNames, special);
        this.columns = found.fields();
        this.marks = new MarkReader(special, found.operation(), found.expiresAt());
        this.fieldIndexes = new int[fields.size()];
        this.rules = new ValueRule[fields.size()];
        this.notNull = new boolean[fields.size()];
        for (int i = 0; i < fields.size(); i++) {
            fieldIndexes[i] = fields.get(i).getIndex();
            rules[i] = ValueRule.of(fields.get(i), contract.rules(fields.get(i)));
            notNull[i] =
                    contract.rules(fields.get(i)).getNotNull() && fields.get(i).hasPresence();
        }
        this.keyPositions =
                contract.keyFields().stream().mapToInt(fields::indexOf).toArray();
        this.values = new Object[fields.size()];
        this.nulls = new boolean[fields.size()];
    }

    private static void checkSupported(FieldDescriptor field) {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
            return;
        }
        switch (field.getMessageType().getFullName()) {
            case "google.protobuf.Any",
                    "google.protobuf.Struct",
                    "google.protobuf.Value",
                    "google.protobuf.ListValue",
                    "google.protobuf.FieldMask" ->
                throw new SourceException(
                        Category.REFUSED,
                        "UNSUPPORTED_FIELD",
                        "field " + field.getFullName() + ": no column can hold a "
                                + field.getMessageType().getFullName() + " (use a message of your own, or a string)");
            default -> {
                // Every other message is filled from a struct, member by member.
            }
        }
    }

    /**
     * Converts a row; {@link #key}, {@link #value} and {@link #isNull} then answer for it.
     *
     * @param row one value a column, in the order of the column names; null is NULL
     * @throws SourceException if the row does not fit the contract
     */
    public void convert(@Nullable Object[] row, long rowNumber) {
        for (int i = 0; i < columns.length; i++) {
            values[i] = row[columns[i]];
            nulls[fieldIndexes[i]] = values[i] == null;
        }
        String keyText = null;
        try {
            keyText = encodeKey();
            key = keyText.getBytes(StandardCharsets.UTF_8);
            mark = marks.read(row);
            if (mark.operation() == RowOperation.DELETE) {
                value = NOTHING; // the key is all that counts
                return;
            }
            checkRules();
            writer.write(values, out);
            value = out.finish();
        } catch (ConversionException e) {
            String field = e.path().isEmpty() ? "" : ", field " + e.path();
            throw failure(e.code(), rowNumber, keyText, field + ": " + e.getMessage());
        } catch (ContractException e) {
            throw failure(e.code().name(), rowNumber, keyText, ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory failed", e);
        }
        if (value.length > RowCursor.VALUE_BYTES_MAX) {
            throw failure(
                    "ROW_TOO_LARGE",
                    rowNumber,
                    keyText,
                    ": " + value.length + " bytes (expected: <= " + RowCursor.VALUE_BYTES_MAX + ")");
        }
    }

    private String encodeKey() {
        List<Object> parts = new ArrayList<>(keyPositions.length);
        for (int position : keyPositions) {
            FieldDescriptor field = writer.fields().get(position);
            try {
                Object part = values[position];
                if (part == null) {
                    throw ConversionException.nullValue("a key field cannot be NULL");
                }
                parts.add(ScalarConversion.convert(field, part));
            } catch (ConversionException e) {
                throw e.within(field.getName());
            }
        }
        return contract.keyEncoding().encode(parts);
    }

    private void checkRules() {
        for (int i = 0; i < rules.length; i++) {
            ValueRule rule = rules[i];
            Object present = values[i];
            FieldDescriptor field = writer.fields().get(i);
            if (present == null && notNull[i]) {
                throw new ConversionException(
                                ConversionException.RULE_VIOLATED, "the value is NULL, and the contract says not_null")
                        .within(field.getName());
            }
            if (rule == null || present == null) {
                continue;
            }
            try {
                rule.check(ScalarConversion.convert(field, present));
            } catch (ConversionException e) {
                throw e.within(field.getName());
            }
        }
    }

    private SourceException failure(String code, long rowNumber, @Nullable String keyText, String what) {
        try {
            out.discard();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory failed", e);
        }
        String keyShown = showKeys && keyText != null ? " (key " + keyText + ")" : "";
        return new SourceException(Category.REFUSED, code, "row " + rowNumber + keyShown + what);
    }

    /** The converted row's key in UTF-8. */
    public byte[] key() {
        return key;
    }

    /** What the converted row does, and when it expires. */
    public RowMark mark() {
        return mark;
    }

    /** The converted row, serialized; empty if it is only to be removed. */
    public byte[] value() {
        return value;
    }

    /** Whether a field of the converted row is NULL, by its index in the message's {@code getFields()}. */
    public boolean isNull(int fieldIndex) {
        return nulls[fieldIndex];
    }
}
