package io.penstock.benchmarks.jmh;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import io.penstock.contract.Contract;
import io.penstock.contract.v1.ContractProto;
import io.penstock.contract.v1.DataProduct;
import io.penstock.contract.v1.FieldRules;
import io.penstock.serving.read.ReadLimits;
import io.penstock.serving.read.ReadMetrics;
import io.penstock.serving.read.ReadPath;
import io.penstock.serving.read.ReadPaths;
import io.penstock.serving.read.ReadSources;
import io.penstock.serving.read.cache.CachedRow;
import io.penstock.serving.read.cache.NearCache;
import io.penstock.serving.read.cache.RowKey;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.CatalogChecks;
import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.NamespaceView;
import io.penstock.serving.view.PinnedVersions;
import io.penstock.serving.view.ServingView;
import io.penstock.serving.view.VersionIndex;
import io.penstock.serving.view.VersionTable;
import io.penstock.serving.view.ViewHolder;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.BucketScanner;
import io.penstock.store.layout.ChunkTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A read path whose near cache has every row of one version, so that the store is never asked. */
final class CachedRows implements AutoCloseable {
    private static final DatasetId DATASET = new DatasetId("default", "items.v1");
    private static final long GENERATION = 0x1234_5678_9ABC_DEF0L;
    private static final int ROWS_A_BUCKET = 8;
    private static final long CACHE_BYTES = 4L << 30;

    private final Store store = Stores.open("memory:cached-rows", true);
    private final ReadPath path;
    private final byte[][] requests;

    private CachedRows(int rows, int valueBytes, ReadMetrics metrics) {
        CatalogStatus status = new CatalogStatus(DATASET.namespace(), Duration.ofDays(1), System.nanoTime());
        status.confirm(System.nanoTime());
        DatasetView version = version(status, rows);
        NearCache cache = new NearCache(CACHE_BYTES);
        ReadSources sources =
                new ReadSources(views(status, version), pinned(), checks(), (dataset, generation, bucket) -> {});
        path = new ReadPaths(store, sources, ReadLimits.DEFAULT, cache, metrics)
                .open(new OnThisThread(), (task, delayNanos) -> () -> {});
        requests = fill(cache, version.layout(), rows, valueBytes);
    }

    static CachedRows of(int rows, int valueBytes, ReadMetrics metrics) {
        return new CachedRows(rows, valueBytes, metrics);
    }

    ReadPath path() {
        return path;
    }

    /** A request a row, in random order. */
    byte[][] requests() {
        return requests;
    }

    private static byte[][] fill(NearCache cache, BucketLayout layout, int rows, int valueBytes) {
        SplittableRandom random = new SplittableRandom(1);
        RowKey probe = RowKey.probe();
        byte[][] requests = new byte[rows][];
        for (int i = 0; i < rows; i++) {
            String key = Long.toString(random.nextLong() >>> 1);
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            cache.put(
                    probe.point(DATASET, bytes, 0, bytes.length, layout.hash(bytes, 0, bytes.length)),
                    CachedRow.found(GENERATION, value, BucketScanner.NEVER));
            requests[i] = GetRequest.newBuilder()
                    .setDataset(DATASET.name())
                    .setKey(key)
                    .build()
                    .toByteArray();
        }
        return requests;
    }

    private static DatasetView version(CatalogStatus status, int rows) {
        int bits = Math.max(1, 32 - Integer.numberOfLeadingZeros(rows / ROWS_A_BUCKET));
        BucketLayout layout = new BucketLayout(bits, 42);
        Manifest.Builder manifest = Manifest.newBuilder()
                .setFormat(1)
                .setDataset(DATASET.name())
                .setNumber(1)
                .setGeneration(GENERATION)
                .setLayout(layout.toProto())
                .setRows(rows);
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            manifest.addChunkGenerations(GENERATION);
        }
        byte[] buckets = new byte[layout.bucketsPerChunk()];
        Arrays.fill(buckets, (byte) 1);
        Chunk full = Chunk.newBuilder()
                .addGenerations(GENERATION)
                .setBuckets(ByteString.copyFrom(buckets))
                .build();
        VersionTable.Builder table = VersionTable.builder(manifest.build());
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            table.set(chunk, ChunkTable.of(full, layout.bucketsPerChunk()));
        }
        return new DatasetView(DATASET, status, manifest.build(), contract(), table.build(), 1, 0);
    }

    private static Contract contract() {
        DescriptorProto message = DescriptorProto.newBuilder()
                .setName("Item")
                .setOptions(MessageOptions.newBuilder()
                        .setExtension(
                                ContractProto.dataProduct,
                                DataProduct.newBuilder()
                                        .setName("items")
                                        .setOwner("benchmarks")
                                        .build()))
                .addField(FieldDescriptorProto.newBuilder()
                        .setName("id")
                        .setJsonName("id")
                        .setNumber(1)
                        .setType(FieldDescriptorProto.Type.TYPE_STRING)
                        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                        .setOptions(FieldOptions.newBuilder()
                                .setExtension(
                                        ContractProto.field,
                                        FieldRules.newBuilder().setKey(true).build())))
                .build();
        FileDescriptorProto file = FileDescriptorProto.newBuilder()
                .setName("benchmarks/items.proto")
                .setPackage("benchmarks.items.v1")
                .setSyntax("proto3")
                .addDependency(ContractProto.getDescriptor().getName())
                .addMessageType(message)
                .build();
        FileDescriptorSet set = FileDescriptorSet.newBuilder()
                .addFile(DescriptorProtos.getDescriptor().toProto())
                .addFile(ContractProto.getDescriptor().toProto())
                .addFile(file)
                .build();
        return Contract.of(set, "benchmarks.items.v1.Item");
    }

    private static ViewHolder views(CatalogStatus status, DatasetView version) {
        TreeMap<String, DatasetStatus> datasets = new TreeMap<>();
        datasets.put(DATASET.name(), new DatasetStatus(DATASET, status, version, List.of(), VersionIndex.EMPTY, ""));
        return new ViewHolder(ServingView.of(List.of(new NamespaceView(status, true, datasets))));
    }

    private static PinnedVersions pinned() {
        return (dataset, number, nowNanos) -> new PinnedVersions.Pinned(null, Reason.REASON_UNKNOWN_VERSION);
    }

    private static CatalogChecks checks() {
        return new CatalogChecks() {
            @Override
            public CompletableFuture<Verdict> recheck(DatasetView view) {
                return CompletableFuture.completedFuture(Verdict.KEPT);
            }

            @Override
            public CompletableFuture<Void> refresh(String namespace) {
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    @Override
    public void close() {
        path.close();
        store.close();
    }

    /** The benchmark's thread is the event loop. */
    private static final class OnThisThread implements EventLoopHandle {
        @Override
        public Executor executor() {
            return Runnable::run;
        }

        @Override
        public boolean inEventLoop() {
            return true;
        }

        @Override
        public <T> @Nullable T unwrap(Class<T> type) {
            return null;
        }
    }
}
