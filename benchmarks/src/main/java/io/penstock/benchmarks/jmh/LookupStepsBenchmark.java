package io.penstock.benchmarks.jmh;

import com.google.protobuf.ByteString;
import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.cache.NearCache;
import io.penstock.serving.read.cache.RowKey;
import io.penstock.serving.read.codec.GetRequestDecoder;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.view.VersionTable;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Row;
import io.penstock.store.DatasetId;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.BucketScanner;
import io.penstock.store.layout.ChunkTable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does each step of a look-up cost by itself: decoding the request, hashing the key, finding its bucket's generation
 * in the chunk, asking the near cache, scanning a bucket? How long, and how many bytes of garbage?
 *
 * <p>Keys: uniform over {@code rows} numbers in random order, so that tables larger than the processor's caches are missed
 * as they are in a server; values of 200 bytes, eight rows a bucket. Run it on an otherwise idle machine:
 *
 * <pre>
 * mvn -q -DskipTests package
 * java -cp "benchmarks/target/classes:cli/target/penstock-0.1.0-SNAPSHOT/lib/*" org.openjdk.jmh.Main LookupSteps -prof gc
 * </pre>
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Thread)
public class LookupStepsBenchmark {
    private static final DatasetId DATASET = new DatasetId("default", "items.v1");
    private static final long GENERATION = 0x1234_5678_9ABC_DEF0L;
    private static final int ROWS_A_BUCKET = 8;
    private static final int VALUE_BYTES = 200;
    private static final long CACHE_BYTES = 4L << 30;
    private static final int BUCKETS = 1024;

    @Param({"10000", "1000000"})
    public int rows;

    private byte[][] keys = {};
    private byte[][] requests = {};
    private ByteBuffer[] buckets = {};
    private BucketLayout layout = new BucketLayout(1, 0);
    private VersionTable table = table(layout);
    private NearCache cache = new NearCache(0);
    private final GetRequestDecoder decoder = new GetRequestDecoder();
    private final BucketScanner scanner = new BucketScanner();
    private final RowKey probe = RowKey.probe();
    private int next;

    /** Sets the rows up. */
    @Setup(Level.Trial)
    public void start() {
        layout = new BucketLayout(Math.max(1, 32 - Integer.numberOfLeadingZeros(rows / ROWS_A_BUCKET)), 42);
        table = table(layout);
        cache = new NearCache(CACHE_BYTES);
        keys = new byte[rows][];
        requests = new byte[rows][];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < rows; i++) {
            String key = Long.toString(random.nextLong() >>> 1);
            keys[i] = key.getBytes(StandardCharsets.UTF_8);
            requests[i] = GetRequest.newBuilder()
                    .setDataset(DATASET.name())
                    .setKey(key)
                    .build()
                    .toByteArray();
            byte[] value = new byte[VALUE_BYTES];
            cache.put(pointAt(keys[i]), CachedRow.found(GENERATION, value, BucketScanner.NEVER));
        }
        buckets = new ByteBuffer[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            buckets[i] = ByteBuffer.wrap(bucket(i));
        }
    }

    private byte[] bucket(int index) {
        Bucket.Builder bucket = Bucket.newBuilder();
        for (int i = 0; i < ROWS_A_BUCKET; i++) {
            bucket.addRows(Row.newBuilder()
                    .setKey(ByteString.copyFrom(keys[index * ROWS_A_BUCKET + i]))
                    .setValue(ByteString.copyFrom(new byte[VALUE_BYTES])));
        }
        return bucket.build().toByteArray();
    }

    private static VersionTable table(BucketLayout layout) {
        Manifest.Builder manifest = Manifest.newBuilder()
                .setFormat(1)
                .setDataset(DATASET.name())
                .setNumber(1)
                .setGeneration(GENERATION)
                .setLayout(layout.toProto());
        byte[] buckets = new byte[layout.bucketsPerChunk()];
        Arrays.fill(buckets, (byte) 1);
        Chunk full = Chunk.newBuilder()
                .addGenerations(GENERATION)
                .setBuckets(ByteString.copyFrom(buckets))
                .build();
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            manifest.addChunkGenerations(GENERATION);
        }
        VersionTable.Builder table = VersionTable.builder(manifest.build());
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            table.set(chunk, ChunkTable.of(full, layout.bucketsPerChunk()));
        }
        return table.build();
    }

    /** Step 1: the request's bytes. */
    @Benchmark
    public boolean decodeRequest() {
        byte[] request = requests[turn()];
        return decoder.decode(request, 0, request.length);
    }

    /** Step 2, its first half: the key's bytes to a bucket. */
    @Benchmark
    public int hashKey() {
        byte[] key = keys[turn()];
        return layout.bucketOf(layout.hash(key, 0, key.length));
    }

    /** Step 2: the key's bytes to the generation of its bucket. */
    @Benchmark
    public long hashKeyAndLookChunkUp() {
        byte[] key = keys[turn()];
        return table.generationOf(layout.bucketOf(layout.hash(key, 0, key.length)));
    }

    /** Steps 2 and 3: the key's bytes to its cached row. */
    @Benchmark
    public Object hashKeyAndFindInCache() {
        CachedRow row = cache.find(pointAt(keys[turn()]), GENERATION);
        if (row == null) {
            throw new IllegalStateException("not cached");
        }
        return row;
    }

    /** Step 5: a key that is somewhere in a bucket of eight rows. */
    @Benchmark
    public Object scanBucket() {
        int index = turn() % (BUCKETS * ROWS_A_BUCKET);
        byte[] key = keys[index];
        ByteBuffer bucket = buckets[index / ROWS_A_BUCKET];
        return scanner.find(bucket, 0, bucket.limit(), key, 0, key.length);
    }

    private RowKey pointAt(byte[] key) {
        return probe.point(DATASET, key, 0, key.length, layout.hash(key, 0, key.length));
    }

    private int turn() {
        next = next + 1 == keys.length ? 0 : next + 1;
        return next;
    }
}
