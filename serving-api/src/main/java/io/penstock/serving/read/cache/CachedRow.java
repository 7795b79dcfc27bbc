package io.penstock.serving.read.cache;

import io.penstock.store.DatasetId;
import io.penstock.store.layout.BucketScanner;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a bucket of one generation has under a key: a row, or nothing. Immutable, so that the cache, answers on their way
 * and several loops can share it. A cached one has its key in the same array as its value: to find a row is to wait for
 * the memory, and so there are two places to wait for, the object and the array. Hot.
 */
public final class CachedRow {
    private static final byte[] NOTHING = new byte[0];
    private static final int NO_VALUE = -1;
    private static final int CACHE_LINE_BYTES = 64;
    private static final int TOUCHED_BYTES_MAX = 5 * CACHE_LINE_BYTES;

    /** What every key of an empty bucket has. */
    public static final CachedRow EMPTY_BUCKET = absent(0);

    /** Null: it is not cached, and has no key. */
    private final @Nullable DatasetId dataset;

    private final int hash;
    private final int valueLength;
    private final long generation;
    private final long expiresAtMillis;
    /** The value, if there is one, and the key, if it is cached. */
    private final byte[] bytes;

    private final @Nullable CachedRow earlier;

    private CachedRow(
            @Nullable DatasetId dataset,
            int hash,
            long generation,
            byte[] bytes,
            int valueLength,
            long expiresAtMillis,
            @Nullable CachedRow earlier) {
        this.dataset = dataset;
        this.hash = hash;
        this.generation = generation;
        this.bytes = bytes;
        this.valueLength = valueLength;
        this.expiresAtMillis = expiresAtMillis;
        this.earlier = earlier;
    }

    public static CachedRow found(long generation, byte[] value, long expiresAtMillis) {
        return new CachedRow(null, 0, generation, value, value.length, expiresAtMillis, null);
    }

    public static CachedRow absent(long generation) {
        return new CachedRow(null, 0, generation, NOTHING, NO_VALUE, BucketScanner.NEVER, null);
    }

    /** This row with the key it is cached under. */
    CachedRow under(RowKey key) {
        int valueBytes = Math.max(0, valueLength);
        byte[] both = Arrays.copyOf(bytes, valueBytes + key.length());
        System.arraycopy(key.bytes(), key.offset(), both, valueBytes, key.length());
        return new CachedRow(key.dataset(), key.hashCode(), generation, both, valueLength, expiresAtMillis, earlier);
    }

    /** Whether it is cached under a key. */
    boolean isUnder(RowKey probe) {
        return hash == probe.hashCode()
                && dataset != null
                && Arrays.equals(
                        bytes,
                        Math.max(0, valueLength),
                        bytes.length,
                        probe.bytes(),
                        probe.offset(),
                        probe.offset() + probe.length())
                && dataset.equals(probe.dataset());
    }

    /**
     * Reads from everywhere a look-up will read, so that the memory brings many rows at a time; of no meaning. Of long values
     * it reads the beginning: the processor sees by itself how a copy goes on.
     */
    public int touch() {
        int touched = 0;
        int end = Math.min(bytes.length, TOUCHED_BYTES_MAX);
        for (int at = 0; at < end; at += CACHE_LINE_BYTES) {
            touched += bytes[at];
        }
        return bytes.length == 0 ? touched : touched + bytes[bytes.length - 1];
    }

    /**
     * This row with the one it is about to take the place of. Fetched ahead of a swap, it must not take the hot row away
     * from the readers of the present view.
     */
    public CachedRow ahead(CachedRow present) {
        return new CachedRow(dataset, hash, generation, bytes, valueLength, expiresAtMillis, present.alone());
    }

    /** This row without an earlier one. */
    private CachedRow alone() {
        return earlier == null
                ? this
                : new CachedRow(dataset, hash, generation, bytes, valueLength, expiresAtMillis, null);
    }

    /** This row or the earlier one, whichever is of the generation the view names; null if neither is. */
    public @Nullable CachedRow of(long viewGeneration) {
        if (generation == viewGeneration) {
            return this;
        }
        return earlier != null && earlier.generation == viewGeneration ? earlier : null;
    }

    public long generation() {
        return generation;
    }

    /** Whether there is a row. */
    public boolean hasValue() {
        return valueLength != NO_VALUE;
    }

    /** How many bytes the serialized contract message has; 0 if there is no row. */
    public int valueLength() {
        return Math.max(0, valueLength);
    }

    /** Begins with the serialized contract message, of {@link #valueLength} bytes. Not a copy; nobody changes it. */
    public byte[] bytes() {
        return bytes;
    }

    /** When the row stops being readable, in milliseconds since the Unix epoch, or {@link BucketScanner#NEVER}. */
    public long expiresAtMillis() {
        return expiresAtMillis;
    }

    /** Bytes of its values and keys. */
    int heldBytes() {
        return earlier == null ? bytes.length : bytes.length + NearCache.ROW_BYTES + earlier.heldBytes();
    }
}
