package io.penstock.serving.read.cache;

import io.penstock.store.layout.BucketScanner;
import org.jspecify.annotations.Nullable;

/**
 * What a bucket of one generation has under a key: a row, or nothing. Immutable, so that the cache, answers on their way
 * and several loops can share it. Hot.
 */
public final class CachedRow {
    /** What every key of an empty bucket has. */
    public static final CachedRow EMPTY_BUCKET = new CachedRow(null, 0, null, BucketScanner.NEVER, null);

    private static final int CACHE_LINE_BYTES = 64;
    private static final int TOUCHED_BYTES_MAX = 4 * CACHE_LINE_BYTES;

    private final @Nullable RowKey key;
    private final long generation;
    private final byte @Nullable [] value;
    private final long expiresAtMillis;
    private final @Nullable CachedRow earlier;

    private CachedRow(
            @Nullable RowKey key,
            long generation,
            byte @Nullable [] value,
            long expiresAtMillis,
            @Nullable CachedRow earlier) {
        this.key = key;
        this.generation = generation;
        this.value = value;
        this.expiresAtMillis = expiresAtMillis;
        this.earlier = earlier;
    }

    public static CachedRow found(long generation, byte[] value, long expiresAtMillis) {
        return new CachedRow(null, generation, value, expiresAtMillis, null);
    }

    public static CachedRow absent(long generation) {
        return new CachedRow(null, generation, null, BucketScanner.NEVER, null);
    }

    /** This row with the key it is cached under. */
    CachedRow under(RowKey newKey) {
        return new CachedRow(newKey, generation, value, expiresAtMillis, earlier);
    }

    /** Whether it is cached under a key. */
    boolean isUnder(RowKey probe) {
        return key != null && key.equals(probe);
    }

    /**
     * Reads from everywhere a look-up will read, so that the memory brings many rows at a time; of no meaning. Of long values
     * it reads the beginning: the processor sees by itself how a copy goes on.
     */
    public int touch() {
        int touched = key == null ? 0 : key.touch();
        if (value != null) {
            int end = Math.min(value.length, TOUCHED_BYTES_MAX);
            for (int at = 0; at < end; at += CACHE_LINE_BYTES) {
                touched += value[at];
            }
        }
        return touched;
    }

    /**
     * This row with the one it is about to take the place of. Fetched ahead of a swap, it must not take the hot row away
     * from the readers of the present view.
     */
    public CachedRow ahead(CachedRow present) {
        CachedRow single = present.earlier == null
                ? present
                : new CachedRow(null, present.generation, present.value, present.expiresAtMillis, null);
        return new CachedRow(key, generation, value, expiresAtMillis, single);
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

    /** The serialized contract message, or null if there is no row. Not a copy; nobody changes it. */
    public byte @Nullable [] value() {
        return value;
    }

    /** When the row stops being readable, in milliseconds since the Unix epoch, or {@link BucketScanner#NEVER}. */
    public long expiresAtMillis() {
        return expiresAtMillis;
    }

    /** Bytes of its values. */
    int valueBytes() {
        int own = value == null ? 0 : value.length;
        return earlier == null ? own : own + NearCache.ROW_BYTES + earlier.valueBytes();
    }
}
