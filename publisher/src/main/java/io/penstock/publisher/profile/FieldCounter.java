package io.penstock.publisher.profile;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.penstock.storage.v1.FieldProfile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One top-level field over all rows. Not thread-safe. */
final class FieldCounter {
    /** 2^14 registers: 16 KiB, and a standard error of 0.6 %. */
    private static final int SKETCH_PRECISION = 14;

    private static final Hasher64 HASH = Hashing.xxh3_64();
    private static final byte[] NOTHING = new byte[0];

    private final FieldDescriptor field;
    private final FieldDescriptor.Type type;
    private final boolean single;
    private final boolean absentIsDefault;
    private final @Nullable UltraLogLog distinct;

    private long blanks;
    private long numbers;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    FieldCounter(FieldDescriptor field, boolean countDistinct) {
        this.field = field;
        this.type = field.getType();
        this.single = !field.isRepeated();
        this.absentIsDefault = single && !field.hasPresence();
        this.distinct = countDistinct && single ? UltraLogLog.create(SKETCH_PRECISION) : null;
    }

    int number() {
        return field.getNumber();
    }

    /** The row says nothing of it: NULL, or, of a field without presence, its default. */
    void missing() {
        if (!absentIsDefault) {
            return;
        }
        switch (type) {
            case STRING -> text(NOTHING, 0, 0);
            case BYTES -> different(HASH.hashBytesToLong(NOTHING));
            case BOOL, ENUM -> different(0);
            case FLOAT, DOUBLE -> number(0, Double.doubleToLongBits(0.0));
            case MESSAGE, GROUP -> {}
            default -> number(0, 0);
        }
    }

    /** Takes what follows the tag; returns whether that is all of the field in this row. */
    boolean take(int tag, CodedInputStream in, byte[] row) throws IOException {
        if (!single || WireFormat.getTagWireType(tag) != wireType()) {
            in.skipField(tag);
            return false;
        }
        switch (type) {
            case STRING, BYTES, MESSAGE -> {
                int length = in.readRawVarint32();
                int start = in.getTotalBytesRead();
                in.skipRawBytes(length);
                if (type == FieldDescriptor.Type.STRING) {
                    text(row, start, length);
                } else if (distinct != null) {
                    different(HASH.hashBytesToLong(row, start, length));
                }
            }
            case GROUP -> in.skipField(tag);
            case BOOL, ENUM -> different(in.readRawVarint64());
            case DOUBLE -> real(in.readDouble());
            case FLOAT -> real(in.readFloat());
            default -> {
                long value = whole(in);
                number(isUnsigned() ? unsigned(value) : (double) value, value);
            }
        }
        return true;
    }

    private int wireType() {
        return switch (type) {
            case STRING, BYTES, MESSAGE -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
            case GROUP -> WireFormat.WIRETYPE_START_GROUP;
            case DOUBLE, FIXED64, SFIXED64 -> WireFormat.WIRETYPE_FIXED64;
            case FLOAT, FIXED32, SFIXED32 -> WireFormat.WIRETYPE_FIXED32;
            case INT32, INT64, UINT32, UINT64, SINT32, SINT64, BOOL, ENUM -> WireFormat.WIRETYPE_VARINT;
        };
    }

    private long whole(CodedInputStream in) throws IOException {
        return switch (type) {
            case INT32 -> in.readInt32();
            case SINT32 -> in.readSInt32();
            case SINT64 -> in.readSInt64();
            case UINT32 -> Integer.toUnsignedLong(in.readUInt32());
            case FIXED32 -> Integer.toUnsignedLong(in.readFixed32());
            case SFIXED32 -> in.readSFixed32();
            case FIXED64, SFIXED64 -> in.readFixed64();
            default -> in.readRawVarint64();
        };
    }

    private boolean isUnsigned() {
        return type == FieldDescriptor.Type.UINT64 || type == FieldDescriptor.Type.FIXED64;
    }

    private static double unsigned(long value) {
        return value >= 0 ? value : (double) ((value >>> 1) | (value & 1)) * 2;
    }

    private void real(double value) {
        if (!Double.isNaN(value)) {
            number(value, Double.doubleToLongBits(value));
        }
    }

    private void number(double value, long identity) {
        numbers++;
        sum += value;
        min = Math.min(min, value);
        max = Math.max(max, value);
        different(identity);
    }

    private void text(byte[] row, int start, int length) {
        if (isBlank(row, start, length)) {
            blanks++;
        }
        if (distinct != null) {
            different(HASH.hashBytesToLong(row, start, length));
        }
    }

    /** As {@link String#isBlank}; the first character decides for almost every text. */
    private static boolean isBlank(byte[] row, int start, int length) {
        if (length == 0) {
            return true;
        }
        if (row[start] > ' ') {
            return false;
        }
        return new String(row, start, length, StandardCharsets.UTF_8).isBlank();
    }

    private void different(long identity) {
        if (distinct != null) {
            distinct.add(HASH.hashLongToLong(identity));
        }
    }

    FieldProfile profile(long nulls) {
        FieldProfile.Builder profile =
                FieldProfile.newBuilder().setField(number()).setNulls(nulls).setBlanks(blanks);
        if (numbers > 0) {
            profile.setNumbers(numbers).setMin(min).setMax(max).setMean(sum / numbers);
        }
        if (distinct != null) {
            profile.setDistinct(Math.round(distinct.getDistinctCountEstimate()));
        }
        return profile.build();
    }
}
