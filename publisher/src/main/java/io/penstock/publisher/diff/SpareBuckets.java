package io.penstock.publisher.diff;

import io.penstock.store.layout.ChunkTable;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The kept buckets of the generation with the fewest buckets in a chunk whose table is full. If the chunk changes, the
 * publication's own generation needs a place in the table, and these few buckets are written again to make it. They are
 * held until that is known: at most 42 buckets, since 8,192 are shared by 192 generations.
 */
final class SpareBuckets {
    private final long smallest;
    private final Map<Integer, byte[]> bodies = new TreeMap<>();

    private SpareBuckets(long smallest) {
        this.smallest = smallest;
    }

    /** @param before the parent's table */
    static SpareBuckets of(ChunkTable before) {
        Map<Long, Integer> counts = new HashMap<>();
        for (long generation : before.generations()) {
            counts.put(generation, 0);
        }
        for (int i = 0; i < before.size(); i++) {
            long generation = before.generationAt(i);
            if (generation != 0) {
                counts.merge(generation, 1, Integer::sum);
            }
        }
        long smallest = 0;
        int fewest = Integer.MAX_VALUE;
        if (counts.size() >= ChunkTable.GENERATIONS_MAX) {
            for (long generation : before.generations()) {
                int count = counts.getOrDefault(generation, 0);
                if (count > 0 && count < fewest) {
                    fewest = count;
                    smallest = generation;
                }
            }
        }
        return new SpareBuckets(smallest);
    }

    /** Whether a kept bucket of that generation may have to be written. */
    boolean wants(long generation) {
        return generation != 0 && generation == smallest;
    }

    /** Is told of every kept bucket; remembers those that may have to be written. */
    void kept(int bucket, long generation, byte[] body) {
        if (wants(generation)) {
            bodies.put(bucket, body);
        }
    }

    /** Bodies by bucket, ascending. */
    Map<Integer, byte[]> bodies() {
        return bodies;
    }
}
