package io.penstock.store.layout;

import io.penstock.storage.v1.Chunk;
import java.util.HashSet;
import java.util.Set;

/**
 * Which generation wrote each bucket of one chunk, in one byte a bucket. Immutable and thread-safe; servers hold one a
 * chunk and look every key up in it, so it is hot.
 */
public final class ChunkTable {
    /** The most generations one chunk may name; a publisher that needs one more rewrites the smallest one's buckets. */
    public static final int GENERATIONS_MAX = 192;

    private final long[] generations;
    private final byte[] buckets;

    private ChunkTable(long[] generations, byte[] buckets) {
        this.generations = generations;
        this.buckets = buckets;
    }

    /** The table of a chunk without rows. */
    public static ChunkTable empty(int buckets) {
        return new ChunkTable(new long[0], new byte[buckets]);
    }

    /**
     * Checks and takes a stored chunk.
     *
     * @param buckets how many buckets the layout gives each chunk
     * @throws IllegalArgumentException if the chunk cannot be one of that layout
     */
    public static ChunkTable of(Chunk chunk, int buckets) {
        int named = chunk.getGenerationsCount();
        if (chunk.getBuckets().size() != buckets) {
            throw new IllegalArgumentException(
                    "chunk buckets: " + chunk.getBuckets().size() + " (expected: " + buckets + ")");
        }
        if (named > GENERATIONS_MAX) {
            throw new IllegalArgumentException(
                    "chunk generations: " + named + " (expected: <= " + GENERATIONS_MAX + ")");
        }
        long[] generations = new long[named];
        Set<Long> distinct = new HashSet<>();
        for (int i = 0; i < named; i++) {
            generations[i] = chunk.getGenerations(i);
            if (generations[i] == 0 || !distinct.add(generations[i])) {
                throw new IllegalArgumentException("chunk generation " + i + ": 0 or named twice");
            }
        }
        byte[] table = chunk.getBuckets().toByteArray();
        for (int i = 0; i < table.length; i++) {
            if ((table[i] & 0xFF) > named) {
                throw new IllegalArgumentException(
                        "chunk bucket " + i + ": " + (table[i] & 0xFF) + " (expected: <= " + named + ")");
            }
        }
        return new ChunkTable(generations, table);
    }

    /** The generation that wrote the bucket at this place of the chunk; 0 = it is empty. */
    public long generationAt(int indexInChunk) {
        int entry = buckets[indexInChunk] & 0xFF;
        return entry == 0 ? 0 : generations[entry - 1];
    }

    /** How many buckets it covers. */
    public int size() {
        return buckets.length;
    }

    /** The generations it names, in table order. A copy. */
    public long[] generations() {
        return generations.clone();
    }
}
