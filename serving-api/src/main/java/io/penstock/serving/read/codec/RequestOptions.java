package io.penstock.serving.read.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The {@code ReadOptions} of a request, decoded only when there are some. Confined to one loop. */
public final class RequestOptions {
    /** Of a request without options: the current version, whatever its age. Never changed. */
    public static final RequestOptions NONE = new RequestOptions();

    /** {@link #maxAgeMillis} of a request that allows any age. */
    public static final long ANY_AGE = Long.MAX_VALUE;

    private static final int TAG_VERSION = 1 << 3;
    private static final int TAG_MIN_REVISION = 2 << 3;
    private static final int TAG_MAX_AGE = 3 << 3 | 2;
    private static final int TAG_FIELDS = 4 << 3;
    private static final int TAG_FIELDS_PACKED = 4 << 3 | 2;
    private static final int TAG_IF_GENERATION = 5 << 3 | 1;
    private static final int TAG_SECONDS = 1 << 3;
    private static final int TAG_NANOS = 2 << 3;

    /** Numbers of fields beyond so many are counted and not noted. */
    static final int FIELDS_NOTED_MAX = 10_000;

    private static final int FIELD_MAX = (1 << 29) - 1;
    private static final int FIRST_RESERVED_FIELD = 19_000;
    private static final int LAST_RESERVED_FIELD = 19_999;
    private static final int[] NO_FIELDS = new int[0];

    /** The longest {@code google.protobuf.Duration}: 10,000 years. */
    private static final long SECONDS_MAX = 315_576_000_000L;

    private long version;
    private long minRevision;
    private boolean hasMaxAge;
    private long maxAgeSeconds;
    private int maxAgeNanos;
    private int[] fields = NO_FIELDS;
    private int fieldCount;
    private boolean hasFalseField;
    private @Nullable FieldSelection selection;
    private long ifGeneration;

    RequestOptions() {}

    void clear() {
        version = 0;
        minRevision = 0;
        hasMaxAge = false;
        maxAgeSeconds = 0;
        maxAgeNanos = 0;
        fieldCount = 0;
        hasFalseField = false;
        selection = null;
        ifGeneration = 0;
    }

    /** Adds what stands in the message that ends at {@code end}; a message given twice is merged, as protobuf does. */
    void merge(WireReader wire, int end) {
        while (wire.hasMore(end)) {
            int tag = wire.tag(end);
            switch (tag) {
                case TAG_VERSION -> version = wire.varint(end);
                case TAG_MIN_REVISION -> minRevision = wire.varint(end);
                case TAG_MAX_AGE -> mergeMaxAge(wire, end);
                case TAG_FIELDS -> addField((int) wire.varint(end));
                case TAG_FIELDS_PACKED -> mergeFields(wire, end);
                case TAG_IF_GENERATION -> ifGeneration = wire.fixed64(end);
                default -> wire.skip(tag, end);
            }
        }
    }

    private void mergeMaxAge(WireReader wire, int end) {
        int length = wire.length(end);
        int durationEnd = wire.at() + length;
        hasMaxAge = true;
        while (wire.hasMore(durationEnd)) {
            int tag = wire.tag(durationEnd);
            switch (tag) {
                case TAG_SECONDS -> maxAgeSeconds = wire.varint(durationEnd);
                case TAG_NANOS -> maxAgeNanos = (int) wire.varint(durationEnd);
                default -> wire.skip(tag, durationEnd);
            }
        }
    }

    private void mergeFields(WireReader wire, int end) {
        int length = wire.length(end);
        int fieldsEnd = wire.at() + length;
        while (wire.hasMore(fieldsEnd)) {
            addField((int) wire.varint(fieldsEnd));
        }
    }

    private void addField(int number) {
        hasFalseField |=
                number < 1 || number > FIELD_MAX || (number >= FIRST_RESERVED_FIELD && number <= LAST_RESERVED_FIELD);
        if (fieldCount < FIELDS_NOTED_MAX) {
            if (fieldCount == fields.length) {
                fields = Arrays.copyOf(fields, Math.max(8, 2 * fieldCount));
            }
            fields[fieldCount] = number;
        }
        fieldCount++;
    }

    /** Whether every value is one its option can have. */
    public boolean isValid() {
        return version >= 0
                && minRevision >= 0
                && maxAgeSeconds >= 0
                && maxAgeSeconds <= SECONDS_MAX
                && maxAgeNanos >= 0
                && maxAgeNanos < 1_000_000_000;
    }

    /** The version asked for; 0 = the current one. */
    public long version() {
        return version;
    }

    /** The lowest revision that is good enough; 0 = any. */
    public long minRevision() {
        return minRevision;
    }

    /** The greatest age that is good enough, or {@link #ANY_AGE}. */
    public long maxAgeMillis() {
        return hasMaxAge ? maxAgeSeconds * 1_000 + maxAgeNanos / 1_000_000 : ANY_AGE;
    }

    /** How many numbers of fields the caller gave; 0 = it wants the whole value. */
    public int fieldCount() {
        return fieldCount;
    }

    /** Whether one of them is a number that no field can have. */
    public boolean hasFalseField() {
        return hasFalseField;
    }

    /** The fields the caller wants, or null if it wants the whole value; of options without a false field. */
    public @Nullable FieldSelection fields() {
        if (fieldCount > 0 && selection == null) {
            selection = FieldSelection.of(fields, Math.min(fieldCount, FIELDS_NOTED_MAX));
        }
        return selection;
    }

    /** The bucket generation the caller has cached; 0 = none. */
    public long ifGeneration() {
        return ifGeneration;
    }
}
