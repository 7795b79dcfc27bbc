package io.penstock.publisher.unique;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.sort.RowSorter;
import io.penstock.publisher.sort.SortedRows;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.write.RowLimits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows that share a value of a field that has to be unique, in memory that does not grow with their number: the
 * values' digests are sorted, and two that are the same stand side by side.
 *
 * <p>Values are the same when their 128-bit digests are (XXH3, so the odds of a false alarm among 10<sup>9</sup> rows are
 * below 10<sup>-20</sup>). A NULL is the same as no other; in a field without presence it is the default value like any.
 * Not thread-safe.
 */
public final class UniqueValues implements AutoCloseable {
    private static final Hasher128 HASH = Hashing.xxh3_128();
    private static final byte[] NOTHING = new byte[0];
    private static final int KEY_BYTES = 1 + 2 * Long.BYTES;

    private final List<FieldDescriptor> fields;
    private final @Nullable RowSorter sorter;

    private UniqueValues(List<FieldDescriptor> fields, @Nullable RowSorter sorter) {
        this.fields = fields;
        this.sorter = sorter;
    }

    /**
     * Begins with no rows.
     *
     * @param fields singular texts, bytes and integers; at most 255
     * @param sorters asked for an empty sorter if there is any field; it is closed with this
     */
    public static UniqueValues of(List<FieldDescriptor> fields, Supplier<RowSorter> sorters) {
        return new UniqueValues(List.copyOf(fields), fields.isEmpty() ? null : sorters.get());
    }

    /** Takes a row, a serialized message of the contract. */
    public void add(byte[] row, long rowNumber) {
        if (sorter == null) {
            return;
        }
        HashValue128[] digests = digests(row);
        for (int i = 0; i < digests.length; i++) {
            HashValue128 digest = digests[i];
            if (digest != null) {
                long low = digest.getLeastSignificantBits();
                byte[] key = ByteBuffer.allocate(KEY_BYTES)
                        .put((byte) i)
                        .putLong(digest.getMostSignificantBits())
                        .putLong(low)
                        .array();
                sorter.add(low, key, NOTHING, RowMark.PLAIN, rowNumber);
            }
        }
    }

    /** One a field; null for NULL. Of a field that is there twice the last counts, as for every reader. */
    private @Nullable HashValue128[] digests(byte[] row) {
        @Nullable HashValue128[] digests = new HashValue128[fields.size()];
        for (int i = 0; i < digests.length; i++) {
            FieldDescriptor field = fields.get(i);
            digests[i] = field.hasPresence() ? null : ofDefault(field);
        }
        CodedInputStream in = CodedInputStream.newInstance(row);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int at = indexOf(tag);
                if (at < 0) {
                    in.skipField(tag);
                } else {
                    digests[at] = read(tag, in);
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("row: no message of the contract", e);
        }
        return digests;
    }

    private int indexOf(int tag) {
        int number = WireFormat.getTagFieldNumber(tag);
        for (int i = 0; i < fields.size(); i++) {
            FieldDescriptor field = fields.get(i);
            if (field.getNumber() == number && field.getLiteType().getWireType() == WireFormat.getTagWireType(tag)) {
                return i;
            }
        }
        return -1;
    }

    private static HashValue128 ofDefault(FieldDescriptor field) {
        return switch (field.getLiteType().getWireType()) {
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> HASH.hashBytesTo128Bits(NOTHING);
            default -> ofNumber(0);
        };
    }

    private static HashValue128 read(int tag, CodedInputStream in) throws IOException {
        return switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> HASH.hashBytesTo128Bits(in.readByteArray());
            case WireFormat.WIRETYPE_FIXED64 -> ofNumber(in.readFixed64());
            case WireFormat.WIRETYPE_FIXED32 -> ofNumber(in.readFixed32());
            default -> ofNumber(in.readRawVarint64());
        };
    }

    private static HashValue128 ofNumber(long value) {
        return HASH.hashBytesTo128Bits(
                ByteBuffer.allocate(Long.BYTES).putLong(value).array());
    }

    /**
     * Returns if no two of the rows share a value; nothing can be added afterwards.
     *
     * @throws PublisherException {@code REFUSED}, naming field and two rows, never the value
     */
    public void require(RowLimits limits) {
        if (sorter == null) {
            return;
        }
        try (SortedRows rows = sorter.sorted()) {
            byte[] before = NOTHING;
            long numberBefore = 0;
            while (rows.next()) {
                Stages.checkInterrupted();
                byte[] key = rows.key();
                if (Arrays.equals(before, key)) {
                    String field = fields.get(Byte.toUnsignedInt(key[0])).getName();
                    throw limits.sameValue(field, numberBefore, rows.rowNumber());
                }
                before = key;
                numberBefore = rows.rowNumber();
            }
        }
    }

    @Override
    public void close() {
        if (sorter != null) {
            sorter.close();
        }
    }
}
