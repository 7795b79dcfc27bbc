package io.penstock.serving.view;

import io.penstock.storage.v1.Manifest;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import org.jspecify.annotations.Nullable;

/**
 * Which generation wrote each bucket of one version: about one byte a bucket, chunks that did not change shared with the
 * versions before. Immutable and thread-safe. Every look-up goes through it (step 2 of the read path), so it is hot.
 */
public final class VersionTable {
    private final BucketLayout layout;
    private final long[] chunkGenerations;
    private final @Nullable ChunkTable[] chunks;

    private VersionTable(BucketLayout layout, long[] chunkGenerations, @Nullable ChunkTable[] chunks) {
        this.layout = layout;
        this.chunkGenerations = chunkGenerations;
        this.chunks = chunks;
    }

    /** Starts a table of the manifest's version. */
    public static Builder builder(Manifest manifest) {
        return new Builder(manifest);
    }

    public BucketLayout layout() {
        return layout;
    }

    /** The generation that wrote the bucket's blob; 0 = the bucket is empty and has none. */
    public long generationOf(int bucket) {
        ChunkTable chunk = chunks[BucketLayout.chunkOf(bucket)];
        return chunk == null ? 0 : chunk.generationAt(BucketLayout.indexInChunk(bucket));
    }

    /** Chunks that are the same objects in both: what an adoption did not have to load. */
    int sharedChunks(VersionTable other) {
        int shared = 0;
        for (int i = 0; i < Math.min(chunks.length, other.chunks.length); i++) {
            if (chunks[i] != null && chunks[i] == other.chunks[i]) {
                shared++;
            }
        }
        return shared;
    }

    /** Collects a version's chunks. Confined to one thread. */
    public static final class Builder {
        private final BucketLayout layout;
        private final long[] chunkGenerations;
        private final @Nullable ChunkTable[] chunks;

        private Builder(Manifest manifest) {
            layout = BucketLayout.of(manifest.getLayout());
            if (manifest.getChunkGenerationsCount() != layout.chunks()) {
                throw new IllegalArgumentException("chunk generations: " + manifest.getChunkGenerationsCount()
                        + " (expected: " + layout.chunks() + ")");
            }
            chunkGenerations = new long[layout.chunks()];
            chunks = new ChunkTable[layout.chunks()];
            for (int i = 0; i < chunkGenerations.length; i++) {
                chunkGenerations[i] = manifest.getChunkGenerations(i);
            }
        }

        /** Takes those chunks of another version of the dataset that are this version's, too. */
        public void shareWith(VersionTable other) {
            if (!other.layout.equals(layout)) {
                return;
            }
            for (int i = 0; i < chunks.length; i++) {
                if (other.chunkGenerations[i] == chunkGenerations[i]) {
                    chunks[i] = other.chunks[i];
                }
            }
        }

        public int chunks() {
            return chunks.length;
        }

        public int bucketsPerChunk() {
            return layout.bucketsPerChunk();
        }

        /** The generation that wrote the chunk's blob; 0 = the chunk is empty and has none. */
        public long chunkGeneration(int chunk) {
            return chunkGenerations[chunk];
        }

        /** Whether the chunk's blob must be read. */
        public boolean isMissing(int chunk) {
            return chunks[chunk] == null && chunkGenerations[chunk] != 0;
        }

        public void set(int chunk, ChunkTable table) {
            chunks[chunk] = table;
        }

        /**
         * Returns the table.
         *
         * @throws IllegalStateException if a chunk is missing
         */
        public VersionTable build() {
            for (int i = 0; i < chunks.length; i++) {
                if (isMissing(i)) {
                    throw new IllegalStateException("chunk " + i + " was not loaded");
                }
            }
            return new VersionTable(layout, chunkGenerations, chunks.clone());
        }
    }
}
