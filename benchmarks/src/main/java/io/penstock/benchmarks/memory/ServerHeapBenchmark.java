package io.penstock.benchmarks.memory;

import com.google.protobuf.ByteString;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.serving.view.VersionTable;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * How much heap does a server need for a loaded version, a bucket? Measured on the server's own table of a version with a
 * million buckets and as many generations in each chunk as there can be, many times over in this process; the baseline is a
 * byte.
 */
public final class ServerHeapBenchmark implements Measurement {
    private static final Target HEAP =
            Target.atMost(1.3, "heap", "server heap for a loaded version", "1 byte a bucket", "bytes a bucket");

    private static final int BITS = 20;

    /** Enough of them that what else the heap does is lost in the sum. */
    private static final int VERSIONS = 24;

    private static final int COLLECTIONS = 4;

    @Override
    public String name() {
        return "heap";
    }

    @Override
    public List<Target> targets() {
        return List.of(HEAP);
    }

    @Override
    public void run(Session session) {
        session.rig().note("version", (1 << BITS) + " buckets, " + ChunkTable.GENERATIONS_MAX + " generations a chunk");
        for (int round = 0; round < session.effort().rounds(); round++) {
            session.add(HEAP, bytesABucket(round), 1);
        }
    }

    private static double bytesABucket(long seed) {
        BucketLayout layout = new BucketLayout(BITS, 1);
        Manifest.Builder manifest = Manifest.newBuilder().setLayout(layout.toProto());
        List<Chunk> chunks = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            manifest.addChunkGenerations(chunk + 1);
            chunks.add(chunk(random, layout.bucketsPerChunk()));
        }
        List<VersionTable> tables = new ArrayList<>(VERSIONS + 1);
        tables.add(load(manifest.build(), chunks)); // classes are loaded before the first look
        long before = usedBytes();
        for (int i = 0; i < VERSIONS; i++) {
            tables.add(load(manifest.build(), chunks));
        }
        double bytes = (usedBytes() - before) / (double) VERSIONS / (1 << BITS);
        if (tables.stream().anyMatch(table -> table.generationOf(random.nextInt(1 << BITS)) == 0)) {
            throw new IllegalStateException("a bucket has no generation");
        }
        return bytes;
    }

    private static VersionTable load(Manifest manifest, List<Chunk> chunks) {
        VersionTable.Builder table = VersionTable.builder(manifest);
        for (int i = 0; i < chunks.size(); i++) {
            table.set(i, ChunkTable.of(chunks.get(i), table.bucketsPerChunk()));
        }
        return table.build();
    }

    private static Chunk chunk(SplittableRandom random, int size) {
        byte[] buckets = new byte[size];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = (byte) (1 + random.nextInt(ChunkTable.GENERATIONS_MAX));
        }
        Chunk.Builder chunk = Chunk.newBuilder().setBuckets(ByteString.copyFrom(buckets));
        for (int i = 1; i <= ChunkTable.GENERATIONS_MAX; i++) {
            chunk.addGenerations(i);
        }
        return chunk.build();
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
