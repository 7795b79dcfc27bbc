package io.penstock.serving.read.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import io.penstock.store.DatasetId;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows and absences near the caller, shared by all loops and bounded in bytes; step 3 of the read path, and hot. A row
 * counts only while the view names its generation, so a swap invalidates exactly what changed and nobody sends a
 * message. Thread-safe.
 *
 * <p>Caffeine decides what stays. To find a row in it takes about eight steps from object to object, each of which waits
 * for the memory, so an index beside it leads to most rows at once: an array by the key's hash, one row a place, written
 * without locks. What is not found there is looked up in the cache; what is evicted there leaves the index, too. A race
 * can lose a place or leave a row in it that was evicted; either is found out or overwritten, for a row has its key and its
 * generation with it.
 *
 * <p>Nothing expires by access: that would cost a write for each read. Eviction runs in the thread whose put made it
 * due, a little at a time, because another thread would compete with the loops for the same cores.
 */
public final class NearCache {
    /** What a row costs besides its bytes: the cache's entry, the key, the row and the headers of their arrays. */
    static final int ROW_BYTES = 192;

    /** The index has about one place for so many bytes of the cache, so that it takes less than a fiftieth of it. */
    private static final int BYTES_A_PLACE = 256;

    private static final int PLACES_MAX = 1 << 22;

    private final long bytesMax;
    private final Cache<RowKey, CachedRow> rows;
    private final Policy<RowKey, CachedRow> policy;
    private final Policy.Eviction<RowKey, CachedRow> eviction;
    private final @Nullable CachedRow[] index;

    /** @param bytesMax about the heap it may take; 0 = nothing is cached */
    public NearCache(long bytesMax) {
        if (bytesMax < 0) {
            throw new IllegalArgumentException("cache.max_bytes: " + bytesMax + " (expected: >= 0)");
        }
        this.bytesMax = bytesMax;
        long places = Math.min(PLACES_MAX, Math.max(1, bytesMax / BYTES_A_PLACE));
        this.index = new CachedRow[(int) Long.highestOneBit(2 * places - 1)];
        this.rows = Caffeine.newBuilder()
                .maximumWeight(bytesMax)
                .<RowKey, CachedRow>weigher((key, row) -> ROW_BYTES + key.length() + row.heldBytes())
                .executor(Runnable::run)
                .evictionListener((key, row, cause) -> evicted(key, row))
                .build();
        this.policy = rows.policy();
        this.eviction = policy.eviction().orElseThrow();
    }

    /** What is cached under a key, if it is of the generation the view names; else null. */
    public @Nullable CachedRow find(RowKey probe, long generation) {
        if (bytesMax == 0) {
            return null;
        }
        CachedRow row = rows.getIfPresent(probe);
        return row == null ? null : row.of(generation);
    }

    /**
     * As {@link #find}, but eviction does not hear of it. To tell it costs more than to find the row; told of a part of
     * the reads, it keeps nearly the same rows.
     */
    public @Nullable CachedRow peek(RowKey probe, long generation) {
        int place = place(probe.hashCode());
        CachedRow indexed = index[place];
        if (indexed != null && indexed.isUnder(probe)) {
            CachedRow row = indexed.of(generation);
            if (row != null) {
                return row;
            }
        }
        return bytesMax == 0 ? null : look(probe, generation, place);
    }

    private @Nullable CachedRow look(RowKey probe, long generation, int place) {
        CachedRow row = policy.getIfPresentQuietly(probe);
        if (row == null) {
            return null;
        }
        index[place] = row;
        return row.of(generation);
    }

    /** The row a look-up of a key will look at first, maybe another key's: for {@link CachedRow#touch}. */
    public @Nullable CachedRow likely(DatasetId dataset, long keyHash) {
        return index[place(RowKey.hash(dataset, keyHash))];
    }

    private int place(int hash) {
        int mixed = hash * 0x9E37_79B9;
        return (mixed ^ mixed >>> 16) & (index.length - 1);
    }

    /** Caches a row under a copy of the probe. */
    public void put(RowKey probe, CachedRow row) {
        if (bytesMax != 0) {
            putUnder(probe.copy(), row);
        }
    }

    private void putUnder(RowKey key, CachedRow row) {
        CachedRow kept = row.under(key);
        index[place(key.hashCode())] = kept; // first: what is put can be evicted at once
        rows.put(key, kept);
    }

    private void evicted(@Nullable RowKey key, @Nullable CachedRow row) {
        if (key != null) {
            int place = place(key.hashCode());
            if (index[place] == row) {
                index[place] = null;
            }
        }
    }

    /** Caches a row that was fetched ahead of a swap, beside the one that is there now. */
    public void putAhead(RowKey key, CachedRow row) {
        CachedRow present = rows.getIfPresent(key);
        putUnder(key, present == null || present.generation() == row.generation() ? row : row.ahead(present));
    }

    /** Forgets everything. A row that is being read meanwhile may stay. Takes the eviction lock: not for event loops. */
    public void clear() {
        rows.invalidateAll();
        Arrays.fill(index, null);
    }

    /** The rows that were asked for most, hottest first. Takes the cache's eviction lock: not for event loops. */
    public Map<RowKey, CachedRow> hottest(int limit) {
        return eviction.hottest(limit);
    }

    /** About how many rows are cached. */
    public long rows() {
        return rows.estimatedSize();
    }

    /** About how many bytes they take. */
    public long bytes() {
        OptionalLong weight = eviction.weightedSize();
        return weight.orElse(0);
    }

    public long bytesMax() {
        return bytesMax;
    }
}
