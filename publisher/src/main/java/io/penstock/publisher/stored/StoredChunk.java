package io.penstock.publisher.stored;

import io.penstock.store.layout.ChunkTable;
import org.jspecify.annotations.Nullable;

/** A chunk and its digest chunk as they were read. */
public final class StoredChunk {
    private final @Nullable ChunkTable table;
    private final long @Nullable [] digests;

    StoredChunk(@Nullable ChunkTable table, long @Nullable [] digests) {
        this.table = table;
        this.digests = digests;
    }

    /** A chunk without rows. */
    static StoredChunk empty(int buckets) {
        return new StoredChunk(ChunkTable.empty(buckets), new long[buckets]);
    }

    /** Null if the chunk is missing or damaged. */
    public @Nullable ChunkTable table() {
        return table;
    }

    /** Whether the digest chunk was whole. */
    public boolean hasDigests() {
        return digests != null;
    }

    /** The digest of the bucket at this place of the chunk; 0 if it is empty, or not known. */
    public long digestAt(int indexInChunk) {
        return digests == null ? 0 : digests[indexInChunk];
    }
}
