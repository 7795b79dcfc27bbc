package io.penstock.publisher.diff;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DigestChunk;
import io.penstock.store.layout.ChunkTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** One chunk of the new version while its buckets come in. Not thread-safe. */
final class ChunkDraft {
    private final long[] generations;
    private final long[] digests;

    ChunkDraft(int buckets) {
        this.generations = new long[buckets];
        this.digests = new long[buckets];
    }

    void set(int index, long generation, long digest) {
        generations[index] = generation;
        digests[index] = digest;
    }

    long generationAt(int index) {
        return generations[index];
    }

    int size() {
        return generations.length;
    }

    boolean isEmpty() {
        for (long generation : generations) {
            if (generation != 0) {
                return false;
            }
        }
        return true;
    }

    boolean sameBucketsAs(ChunkTable table) {
        for (int i = 0; i < generations.length; i++) {
            if (generations[i] != table.generationAt(i)) {
                return false;
            }
        }
        return true;
    }

    boolean needsMoreGenerationsThanAllowed() {
        Map<Long, Integer> distinct = new HashMap<>();
        for (long generation : generations) {
            if (generation != 0) {
                distinct.put(generation, 1);
            }
        }
        return distinct.size() > ChunkTable.GENERATIONS_MAX;
    }

    Chunk toChunk() {
        Chunk.Builder chunk = Chunk.newBuilder();
        Map<Long, Integer> entries = new HashMap<>();
        byte[] buckets = new byte[generations.length];
        for (int i = 0; i < generations.length; i++) {
            long generation = generations[i];
            if (generation == 0) {
                continue;
            }
            Integer entry = entries.get(generation);
            if (entry == null) {
                chunk.addGenerations(generation);
                entry = chunk.getGenerationsCount();
                entries.put(generation, entry);
            }
            buckets[i] = entry.byteValue();
        }
        return chunk.setBuckets(UnsafeByteOperations.unsafeWrap(buckets)).build();
    }

    DigestChunk toDigestChunk() {
        ByteBuffer bytes = ByteBuffer.allocate(digests.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(digests);
        ByteString digestBytes = UnsafeByteOperations.unsafeWrap(bytes);
        return DigestChunk.newBuilder().setDigests(digestBytes).build();
    }
}
