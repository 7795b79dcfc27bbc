package io.penstock.serving.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTableMemoryTest {
    private static final int BITS = 20;
    /** Enough of them that what else the heap does is lost in the sum. */
    private static final int VERSIONS = 24;

    @ParameterizedTest
    @ValueSource(ints = {1, ChunkTable.GENERATIONS_MAX})
    void aMillionBucketsTakeLittleMoreThanAByteEach(int generations) {
        Manifest manifest = manifest();
        Chunk[] chunks = new Chunk[manifest.getChunkGenerationsCount()];
        Random random = new Random(1);
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = chunk(generations, random);
        }
        List<VersionTable> tables = new ArrayList<>(VERSIONS);
        tables.add(load(manifest, chunks)); // classes are loaded before the first look
        long before = usedBytes();
        for (int i = 1; i <= VERSIONS; i++) {
            tables.add(load(manifest, chunks));
        }
        double bytesABucket = (usedBytes() - before) / (double) VERSIONS / (1 << BITS);
        assertThat(tables).allMatch(table -> table.generationOf(5) != 0);
        assertThat(bytesABucket).isBetween(1.0, 1.3);
    }

    private static VersionTable load(Manifest manifest, Chunk[] chunks) {
        VersionTable.Builder table = VersionTable.builder(manifest);
        for (int i = 0; i < chunks.length; i++) {
            table.set(i, ChunkTable.of(chunks[i], table.bucketsPerChunk()));
        }
        return table.build();
    }

    private static Manifest manifest() {
        BucketLayout layout = new BucketLayout(BITS, 1);
        Manifest.Builder manifest = Manifest.newBuilder().setLayout(layout.toProto());
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            manifest.addChunkGenerations(chunk + 1);
        }
        return manifest.build();
    }

    private static Chunk chunk(int generations, Random random) {
        byte[] buckets = new byte[1 << BucketLayout.CHUNK_BITS];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = (byte) (1 + random.nextInt(generations));
        }
        Chunk.Builder chunk = Chunk.newBuilder().setBuckets(ByteString.copyFrom(buckets));
        for (int i = 1; i <= generations; i++) {
            chunk.addGenerations(i);
        }
        return chunk.build();
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
