package io.penstock.publisher.diff;

import io.penstock.publisher.write.VersionSink;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One chunk of the new version: which buckets it keeps from the parent, and which it has written. Not thread-safe. */
final class NewChunk {
    private final int chunk;
    private final long generation;
    private final BucketLayout layout;
    private final VersionSink sink;
    private final Changes counts;
    private final ChunkDraft draft;

    /** @param generation the publication's own */
    NewChunk(int chunk, long generation, BucketLayout layout, VersionSink sink, Changes counts) {
        this.chunk = chunk;
        this.generation = generation;
        this.layout = layout;
        this.sink = sink;
        this.counts = counts;
        this.draft = new ChunkDraft(layout.bucketsPerChunk());
    }

    int firstBucket() {
        return chunk << BucketLayout.CHUNK_BITS;
    }

    /** The bucket stays as it was written by that generation; 0 = empty. */
    void keep(int index, long oldGeneration, long digest) {
        draft.set(index, oldGeneration, digest);
    }

    /** The bucket is written by this publication. */
    void write(int bucket, byte[] body, long digest) {
        draft.set(BucketLayout.indexInChunk(bucket), generation, digest);
        sink.bucket(bucket, body);
        counts.written(body.length);
    }

    /** The generation the bucket has so far; 0 = empty. */
    long generationAt(int index) {
        return draft.generationAt(index);
    }

    /**
     * Nothing more comes.
     *
     * @param before the parent's table; null if it is not known or not comparable
     * @param chunkGeneration the parent's
     * @param spares bodies of kept buckets that may be written to make room in the table, if that is needed
     * @return the generation of the chunk's blob; 0 = it has no rows
     */
    long finish(@Nullable ChunkTable before, long chunkGeneration, Supplier<Map<Integer, byte[]>> spares) {
        if (before != null && draft.sameBucketsAs(before)) {
            return chunkGeneration;
        }
        if (draft.isEmpty()) {
            return 0;
        }
        if (draft.needsMoreGenerationsThanAllowed()) {
            spares.get().forEach((bucket, body) -> write(bucket, body, layout.digest(body)));
        }
        sink.chunk(chunk, draft.toChunk(), draft.toDigestChunk());
        return generation;
    }
}
