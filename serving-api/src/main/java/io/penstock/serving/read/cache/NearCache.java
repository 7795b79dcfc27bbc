package io.penstock.serving.read.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Rows and absences near the caller, shared by all loops and bounded in bytes; step 3 of the read path, and hot. A row
 * counts only while the view names its generation, so a swap invalidates exactly what changed and nobody sends a
 * message. Thread-safe.
 *
 * <p>Nothing expires by access: that would cost a write for each read. Eviction runs in the thread whose put made it
 * due, a little at a time, because another thread would compete with the loops for the same cores.
 */
public final class NearCache {
    /** What a row costs besides its bytes: the cache's entry, the key, the row and the headers of their arrays. */
    static final int ROW_BYTES = 176;

    private final long bytesMax;
    private final Cache<RowKey, CachedRow> rows;
    private final Policy<RowKey, CachedRow> policy;
    private final Policy.Eviction<RowKey, CachedRow> eviction;

    /** @param bytesMax about the heap it may take; 0 = nothing is cached */
    public NearCache(long bytesMax) {
        if (bytesMax < 0) {
            throw new IllegalArgumentException("cache.max_bytes: " + bytesMax + " (expected: >= 0)");
        }
        this.bytesMax = bytesMax;
        this.rows = Caffeine.newBuilder()
                .maximumWeight(bytesMax)
                .<RowKey, CachedRow>weigher((key, row) -> ROW_BYTES + key.length() + row.valueBytes())
                .executor(Runnable::run)
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
        if (bytesMax == 0) {
            return null;
        }
        CachedRow row = policy.getIfPresentQuietly(probe);
        return row == null ? null : row.of(generation);
    }

    /** Caches a row under a copy of the probe. */
    public void put(RowKey probe, CachedRow row) {
        if (bytesMax != 0) {
            rows.put(probe.copy(), row);
        }
    }

    /** Caches a row that was fetched ahead of a swap, beside the one that is there now. */
    public void putAhead(RowKey key, CachedRow row) {
        CachedRow present = rows.getIfPresent(key);
        rows.put(key, present == null || present.generation() == row.generation() ? row : row.ahead(present));
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
