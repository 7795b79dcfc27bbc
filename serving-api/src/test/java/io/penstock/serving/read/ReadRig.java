package io.penstock.serving.read;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.penstock.contract.Contract;
import io.penstock.serving.read.cache.NearCache;
import io.penstock.serving.testing.ManualScheduler;
import io.penstock.serving.testing.StoredVersions;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.ReadOptions;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.CatalogChecks;
import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HeldVersion;
import io.penstock.serving.view.NamespaceView;
import io.penstock.serving.view.PinnedVersions;
import io.penstock.serving.view.ServingView;
import io.penstock.serving.view.VersionIndex;
import io.penstock.serving.view.VersionTable;
import io.penstock.serving.view.ViewHolder;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.Seal;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.layout.ChunkTable;
import io.penstock.store.memory.MemoryStore;
import io.penstock.store.testkit.Faults;
import io.penstock.store.testkit.FaultyStore;
import io.penstock.store.testkit.Operation;
import io.penstock.store.testkit.TestEventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A read path over a memory store, on a loop and a clock that the test moves. Views are made straight from the store:
 * {@link #adopt} serves what the catalog says.
 */
final class ReadRig implements AutoCloseable {
    static final String NAMESPACE = "default";
    static final String DATASET = "customer-360.v1";

    final ManualScheduler time = new ManualScheduler();
    final Faults faults = new Faults(7);
    final MemoryStore store = new MemoryStore();
    final StoredVersions versions = StoredVersions.in(store, NAMESPACE);
    final TestEventLoop loop = TestEventLoop.stepping();
    final CatalogStatus status = new CatalogStatus(NAMESPACE, Duration.ofHours(1), time.nanoTime());
    final ViewHolder views = new ViewHolder(ServingView.of(List.of(NamespaceView.unknown(status))));
    final NearCache cache;
    final ReadPaths paths;
    final ReadPath path;
    final ReadLimits limits;

    // What the rig's catalog checks did and shall do.
    final List<String> lost = new ArrayList<>();
    int rechecks;
    int refreshes;
    boolean isCatalogReachable = true;

    @Nullable
    CompletableFuture<Void> heldRefresh;

    private final Map<Long, DatasetView> loaded = new HashMap<>();

    ReadRig() {
        this(ReadLimits.DEFAULT, 16 << 20);
    }

    ReadRig(ReadLimits limits, long cacheBytes) {
        this(limits, cacheBytes, ReadMetrics.NONE, false);
    }

    /** @param inPlace whether the store answers before a read returns, as an embedded one does */
    ReadRig(ReadLimits limits, long cacheBytes, ReadMetrics metrics, boolean inPlace) {
        this.limits = limits;
        cache = new NearCache(cacheBytes);
        ReadSources sources = new ReadSources(
                views,
                pinned(),
                checks(),
                (dataset, generation, bucket) -> lost.add(dataset + " " + generation + " " + bucket));
        FaultyStore faulty = FaultyStore.wrap(store, faults);
        paths = new ReadPaths(
                inPlace ? new InPlaceStore(faulty) : faulty, sources, limits, cache, metrics, time::nanoTime, time);
        path = paths.open(loop, (task, delayNanos) -> {
            var scheduled = time.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        });
        status.confirm(time.nanoTime());
    }

    /** Serves what the catalog says now. */
    void adopt() {
        Catalog catalog = versions.read();
        TreeMap<String, DatasetStatus> datasets = new TreeMap<>();
        for (DatasetEntry entry : catalog.getDatasetsList()) {
            DatasetView served = entry.getCurrent() == 0 ? null : load(entry, entry.getCurrent());
            datasets.put(
                    entry.getName(),
                    new DatasetStatus(
                            versions.id(entry.getName()), status, served, held(entry), new VersionIndex(entry), ""));
        }
        views.flip(ServingView.of(List.of(new NamespaceView(status, true, datasets))));
    }

    private List<HeldVersion> held(DatasetEntry entry) {
        List<HeldVersion> held = new ArrayList<>();
        for (VersionEntry version : entry.getVersionsList()) {
            DatasetView view = loaded.get(version.getGeneration());
            if (view != null && version.getGeneration() != entry.getCurrent()) {
                held.add(new HeldVersion(view, false, time.nanoTime()));
            }
        }
        return held;
    }

    /** Loads a version of the store. */
    DatasetView load(DatasetEntry entry, long generation) {
        DatasetId id = versions.id(entry.getName());
        try {
            Manifest manifest = Manifest.parseFrom(body(BlobAddress.manifest(id, generation)));
            VersionTable.Builder table = VersionTable.builder(manifest);
            for (int chunk = 0; chunk < table.chunks(); chunk++) {
                if (table.isMissing(chunk)) {
                    byte[] body = body(BlobAddress.chunk(id, table.chunkGeneration(chunk), chunk));
                    table.set(chunk, ChunkTable.of(Chunk.parseFrom(body), table.bucketsPerChunk()));
                }
            }
            DatasetView view = new DatasetView(
                    id,
                    status,
                    manifest,
                    Contract.of(manifest.getContract()),
                    table.build(),
                    entry.getRevision(),
                    time.millis());
            loaded.put(generation, view);
            return view;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] body(BlobAddress address) {
        byte[] sealed = versions.get(address);
        if (sealed == null) {
            throw new AssertionError("not in the store: " + address);
        }
        return Arrays.copyOf(sealed, sealed.length - Seal.BYTES);
    }

    DatasetView served() {
        DatasetView view = views.current().dataset(DATASET);
        if (view == null) {
            throw new AssertionError("nothing is served");
        }
        return view;
    }

    // Calls

    Recorded get(String key) {
        return get(key, ReadOptions.getDefaultInstance());
    }

    Recorded get(String key, ReadOptions options) {
        return get(GetRequest.newBuilder()
                .setDataset(DATASET)
                .setKey(key)
                .setOptions(options)
                .build());
    }

    Recorded get(MessageLite request) {
        return get(request.toByteArray(), ReadPath.NO_DEADLINE);
    }

    Recorded get(byte[] request, long deadlineNanos) {
        Recorded sink = new Recorded(time);
        byte[] bytes = request.clone();
        sink.call = path.get(ByteBuffer.wrap(bytes), deadlineNanos, sink);
        Arrays.fill(bytes, (byte) 0x7F); // whoever kept the request finds out
        return sink;
    }

    Recorded batch(String... keys) {
        return batch(keys(keys).build());
    }

    Recorded batch(DatasetKeys... groups) {
        return batch(ReadPath.NO_DEADLINE, groups);
    }

    Recorded batch(long deadlineNanos, DatasetKeys... groups) {
        return batch(
                BatchGetRequest.newBuilder()
                        .addAllGroups(List.of(groups))
                        .build()
                        .toByteArray(),
                deadlineNanos);
    }

    Recorded batch(byte[] request, long deadlineNanos) {
        Recorded sink = new Recorded(time);
        byte[] bytes = request.clone();
        sink.call = path.batchGet(ByteBuffer.wrap(bytes), deadlineNanos, sink);
        Arrays.fill(bytes, (byte) 0x7F);
        return sink;
    }

    static DatasetKeys.Builder keys(String... keys) {
        return DatasetKeys.newBuilder().setDataset(DATASET).addAllKeys(List.of(keys));
    }

    /** Lets the loop run until nothing is left to do, time standing still. */
    void turn() {
        for (int ran = 1; ran > 0; ) {
            time.run();
            ran = loop.runTurn();
        }
    }

    /** Moves time and lets the loop run. */
    void advance(Duration by) {
        time.advance(by);
        turn();
    }

    long deadlineIn(Duration from) {
        return time.nanoTime() + from.toNanos();
    }

    /** How many blobs the store was asked for. */
    long storeReads() {
        return faults.count(Operation.BLOB_READ);
    }

    private PinnedVersions pinned() {
        return (dataset, number, nowNanos) -> {
            DatasetView view = dataset.loaded(number);
            Reason why = dataset.versions().whyNotReadable(number);
            if (why != Reason.REASON_UNSPECIFIED) {
                return new PinnedVersions.Pinned(null, why);
            }
            return view == null
                    ? new PinnedVersions.Pinned(null, Reason.REASON_VERSION_LOADING)
                    : new PinnedVersions.Pinned(view, Reason.REASON_UNSPECIFIED);
        };
    }

    private CatalogChecks checks() {
        return new CatalogChecks() {
            @Override
            public CompletionStage<Verdict> recheck(DatasetView view) {
                rechecks++;
                if (!isCatalogReachable) {
                    return CompletableFuture.completedFuture(Verdict.unavailable(Reason.REASON_STORE_UNREACHABLE));
                }
                DatasetEntry entry = versions.entry(view.id().name());
                VersionEntry version = CatalogSnapshot.findVersion(entry, view.generation());
                if (version != null && version.getState() == VersionEntry.State.STATE_KEPT) {
                    return CompletableFuture.completedFuture(Verdict.KEPT);
                }
                adopt();
                return CompletableFuture.completedFuture(Verdict.MOVED);
            }

            @Override
            public CompletionStage<Void> refresh(String namespace) {
                refreshes++;
                if (heldRefresh != null) {
                    return heldRefresh;
                }
                if (isCatalogReachable) {
                    adopt();
                }
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    @Override
    public void close() {
        path.close();
        turn();
        versions.close();
        store.close();
    }
}
