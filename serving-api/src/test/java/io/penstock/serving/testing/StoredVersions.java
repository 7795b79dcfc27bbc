package io.penstock.serving.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.Mode;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRefusedException;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.CatalogTransition;
import io.penstock.store.catalog.CatalogTransitions;
import io.penstock.store.catalog.CatalogTransitions.Beginning;
import io.penstock.store.catalog.CatalogTransitions.Committing;
import io.penstock.store.layout.BucketEncoder;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.testkit.Await;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Puts versions into a store by hand: buckets copied on write, chunks, manifest, then the catalog's own transitions.
 * What a publisher does, without its checks, sorting and heartbeat. Single-threaded; seeded, so runs repeat.
 */
public final class StoredVersions implements AutoCloseable {
    private static final String BY = "test@localhost";

    private final String namespace;
    private final BlobWriter writer;
    private final CatalogClient catalog;
    private final Random random;

    /** What each publication wrote or took over, by generation. */
    private final Map<Long, Stored> stored = new HashMap<>();

    /** The times recorded in catalog and manifests. */
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");

    private StoredVersions(Store store, String namespace, long seed) {
        this.namespace = namespace;
        this.writer = store.openWriter();
        this.random = new Random(seed);
        this.catalog = new CatalogClient(store.catalog(namespace), namespace, random);
    }

    /** Creates the namespace's catalog if there is none. */
    public static StoredVersions in(Store store, String namespace) {
        return in(store, namespace, 1);
    }

    /** Creates the namespace's catalog if there is none; two with different seeds write different generations. */
    public static StoredVersions in(Store store, String namespace, long seed) {
        StoredVersions versions = new StoredVersions(store, namespace, seed);
        versions.catalog.initialise();
        return versions;
    }

    /** Sets the time recorded from now on. */
    public StoredVersions at(Instant newNow) {
        now = newNow;
        return this;
    }

    /** Publishes and commits one version; returns its generation. */
    public long publish(VersionDraft draft) {
        return publishTogether(draft).get(0);
    }

    /** Publishes and commits versions of several datasets in one step; returns their generations. */
    public List<Long> publishTogether(VersionDraft... drafts) {
        return commit(prepare(drafts));
    }

    /** Begins publications of all drafts and writes everything but the commit. */
    public List<Prepared> prepare(VersionDraft... drafts) {
        List<Beginning> beginnings = new ArrayList<>();
        for (VersionDraft draft : drafts) {
            beginnings.add(new Beginning(draft.dataset, nonZero()));
        }
        Catalog begun = apply(CatalogTransitions.begin(beginnings, "publisher", Set.of(), BY, now));
        List<Prepared> prepared = new ArrayList<>();
        for (int i = 0; i < drafts.length; i++) {
            DatasetEntry entry = entry(begun, drafts[i].dataset);
            prepared.add(write(drafts[i], beginnings.get(i).generation(), entry));
        }
        return prepared;
    }

    /** Commits what was prepared in one step; returns the generations. */
    public List<Long> commit(List<Prepared> prepared) {
        long operationId = nonZero();
        List<Committing> commits = new ArrayList<>();
        for (Prepared each : prepared) {
            commits.add(new Committing(each.dataset(), each.generation(), each.expiresAt()));
        }
        apply(operationId, CatalogTransitions.commit(commits, operationId, now));
        return prepared.stream().map(Prepared::generation).toList();
    }

    /** Rolls back to the parent of what is current. */
    public void rollback(String dataset) {
        try {
            rollback(dataset, CatalogSnapshot.defaultRollbackTarget(read(), dataset));
        } catch (CatalogRefusedException e) {
            throw new AssertionError(e);
        }
    }

    /** Rolls back to a generation. */
    public void rollback(String dataset, long target) {
        long operationId = nonZero();
        apply(operationId, CatalogTransitions.rollback(dataset, target, false, operationId, BY, now));
    }

    /** Rolls back to a generation, unless a dataset committed together with what is undone has nothing to go back to. */
    public void rollbackIfAllowed(String dataset, long target) {
        long operationId = nonZero();
        try {
            var unused = catalog.apply(
                    operationId, CatalogTransitions.rollback(dataset, target, false, operationId, BY, now));
        } catch (CatalogRefusedException e) {
            if (e.reason() != CatalogRefusedException.Reason.PARTNER_HAS_NO_TARGET) {
                throw new AssertionError(e);
            }
        }
    }

    /** Begins to delete all but the current version and its newest kept ancestors. */
    public void retire(String dataset, int versions) {
        apply(CatalogTransitions.retire(dataset, versions, now));
    }

    /** Deletes what retiring versions alone have, then forgets them, as a collector that waited long enough. */
    public void collect(String dataset) {
        Set<BlobAddress> live = new HashSet<>();
        List<Long> retiring = new ArrayList<>();
        for (VersionEntry version : entry(read(), dataset).getVersionsList()) {
            if (version.getState() == VersionEntry.State.STATE_RETIRING) {
                retiring.add(version.getGeneration());
            } else {
                live.addAll(blobsOf(dataset, version.getGeneration()));
            }
        }
        for (long generation : retiring) {
            List<BlobAddress> dead = new ArrayList<>(blobsOf(dataset, generation));
            dead.removeAll(live);
            Await.stage(writer.delete(dead));
            apply(CatalogTransitions.collected(dataset, generation));
        }
    }

    /** Applies any transition. */
    public Catalog apply(CatalogTransition transition) {
        return apply(nonZero(), transition);
    }

    private Catalog apply(long operationId, CatalogTransition transition) {
        try {
            return catalog.apply(operationId, transition);
        } catch (CatalogRefusedException e) {
            throw new AssertionError(e);
        }
    }

    /** The catalog as it stands. */
    public Catalog read() {
        return catalog.require().catalog();
    }

    /** The dataset's entry as it stands. */
    public DatasetEntry entry(String dataset) {
        return entry(read(), dataset);
    }

    /** The generation of the blob that holds (or would hold) a key in a version; 0 = the bucket is empty. */
    public long bucketGeneration(long version, String key) {
        return require(version).generations[bucketOf(version, key)];
    }

    /** The index of the bucket a key hashes to in a version. */
    public int bucketOf(long version, String key) {
        BucketLayout layout = require(version).layout;
        return layout.bucketOf(layout.hash(TestContracts.key(key)));
    }

    /** The address of the blob that holds a key in a version. */
    public BlobAddress addressOf(String dataset, long version, String key) {
        return BlobAddress.bucket(id(dataset), bucketGeneration(version, key), bucketOf(version, key));
    }

    /** The addresses of everything a version's manifest names, and the manifest. */
    public List<BlobAddress> blobsOf(String dataset, long version) {
        Stored of = require(version);
        List<BlobAddress> addresses = new ArrayList<>();
        for (int bucket = 0; bucket < of.generations.length; bucket++) {
            if (of.generations[bucket] != 0) {
                addresses.add(BlobAddress.bucket(id(dataset), of.generations[bucket], bucket));
            }
        }
        for (int chunk = 0; chunk < of.chunkGenerations.length; chunk++) {
            if (of.chunkGenerations[chunk] != 0) {
                addresses.add(BlobAddress.chunk(id(dataset), of.chunkGenerations[chunk], chunk));
            }
        }
        addresses.add(BlobAddress.manifest(id(dataset), version));
        return addresses;
    }

    /** Removes a blob, as a faulty store would. */
    public void lose(BlobAddress address) {
        Await.stage(writer.delete(List.of(address)));
    }

    /** Writes a sealed blob back or in place of a lost one. */
    public void put(Blob blob) {
        Await.stage(writer.put(List.of(blob)));
    }

    /** Reads a blob, sealed; null if it is not there. */
    public byte @Nullable [] get(BlobAddress address) {
        return Await.stage(writer.get(List.of(address))).get(0);
    }

    public DatasetId id(String dataset) {
        return new DatasetId(namespace, dataset);
    }

    @Override
    public void close() {
        writer.close();
    }

    private Prepared write(VersionDraft draft, long generation, DatasetEntry entry) {
        Stored parent = stored.get(entry.getSlot().getParent());
        BucketLayout layout = layout(draft, parent);
        apply(CatalogTransitions.layOut(draft.dataset, generation, layout.toProto()));
        byte[][] bodies = bodies(draft, layout);
        Stored next = new Stored(layout, bodies, new long[layout.buckets()], new long[layout.chunks()]);
        Stored before = parent != null && parent.layout.equals(layout) ? parent : null;
        List<Blob> blobs = new ArrayList<>();
        for (int bucket = 0; bucket < bodies.length; bucket++) {
            if (bodies[bucket].length == 0) {
                continue;
            }
            if (before != null && Arrays.equals(before.bodies[bucket], bodies[bucket])) {
                next.generations[bucket] = before.generations[bucket];
            } else {
                next.generations[bucket] = generation;
                blobs.add(Blob.of(BlobAddress.bucket(id(draft.dataset), generation, bucket), bodies[bucket]));
            }
        }
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            writeChunk(draft.dataset, generation, chunk, next, before, blobs);
        }
        Manifest manifest = manifest(draft, generation, entry, next);
        blobs.add(Blob.of(BlobAddress.manifest(id(draft.dataset), generation), manifest.toByteArray()));
        Await.stage(writer.put(blobs));
        stored.put(generation, next);
        return new Prepared(draft.dataset, generation, entry.getSlot().getNumber(), draft.expiresAt);
    }

    private void writeChunk(
            String dataset, long generation, int chunk, Stored next, @Nullable Stored before, List<Blob> blobs) {
        int from = chunk << BucketLayout.CHUNK_BITS;
        int to = from + next.layout.bucketsPerChunk();
        if (before != null && Arrays.equals(before.generations, from, to, next.generations, from, to)) {
            next.chunkGenerations[chunk] = before.chunkGenerations[chunk];
            return;
        }
        List<Long> named = new ArrayList<>();
        byte[] buckets = new byte[to - from];
        for (int bucket = from; bucket < to; bucket++) {
            long of = next.generations[bucket];
            if (of != 0) {
                if (!named.contains(of)) {
                    named.add(of);
                }
                buckets[bucket - from] = (byte) (named.indexOf(of) + 1);
            }
        }
        if (!named.isEmpty()) {
            next.chunkGenerations[chunk] = generation;
            Chunk body = Chunk.newBuilder()
                    .addAllGenerations(named)
                    .setBuckets(ByteString.copyFrom(buckets))
                    .build();
            blobs.add(Blob.of(BlobAddress.chunk(id(dataset), generation, chunk), body.toByteArray()));
        }
    }

    private Manifest manifest(VersionDraft draft, long generation, DatasetEntry entry, Stored next) {
        long buckets = 0;
        long bytes = 0;
        for (byte[] body : next.bodies) {
            buckets += body.length == 0 ? 0 : 1;
            bytes += body.length;
        }
        Manifest.Builder manifest = Manifest.newBuilder()
                .setFormat(1)
                .setDataset(draft.dataset)
                .setNumber(entry.getSlot().getNumber())
                .setGeneration(generation)
                .setParent(entry.getSlot().getParent())
                .setLayout(next.layout.toProto())
                .setContract(draft.contract)
                .setRows(draft.rows.size())
                .setBuckets(buckets)
                .setBytes(bytes)
                .setDataAsOf(timestamp(draft.dataAsOf))
                .setPublishedAt(timestamp(now))
                .setMode(Mode.MODE_SNAPSHOT)
                .setPublisher(BY);
        if (draft.expiresAt != null) {
            manifest.setExpiresAt(timestamp(draft.expiresAt));
        }
        if (draft.rowsExpireAt != null) {
            manifest.setRowsExpireAt(timestamp(draft.rowsExpireAt));
        }
        for (long chunkGeneration : next.chunkGenerations) {
            manifest.addChunkGenerations(chunkGeneration);
        }
        return manifest.build();
    }

    private BucketLayout layout(VersionDraft draft, @Nullable Stored parent) {
        if (parent == null) {
            return new BucketLayout(draft.bits == 0 ? 4 : draft.bits, random.nextLong());
        }
        return draft.bits == 0 ? parent.layout : new BucketLayout(draft.bits, parent.layout.seed());
    }

    private static byte[][] bodies(VersionDraft draft, BucketLayout layout) {
        Map<Integer, List<VersionDraft.DraftRow>> rows = new TreeMap<>();
        for (VersionDraft.DraftRow row : draft.rows.values()) {
            int bucket = layout.bucketOf(layout.hash(TestContracts.key(row.key())));
            rows.computeIfAbsent(bucket, unused -> new ArrayList<>()).add(row);
        }
        byte[][] bodies = new byte[layout.buckets()][];
        Arrays.fill(bodies, new byte[0]);
        BucketEncoder encoder = new BucketEncoder();
        Comparator<VersionDraft.DraftRow> order = (left, right) -> {
            byte[] leftKey = TestContracts.key(left.key());
            byte[] rightKey = TestContracts.key(right.key());
            int byHash = Long.compareUnsigned(layout.hash(leftKey), layout.hash(rightKey));
            return byHash != 0 ? byHash : Arrays.compareUnsigned(leftKey, rightKey);
        };
        rows.forEach((bucket, inBucket) -> {
            inBucket.sort(order);
            for (VersionDraft.DraftRow row : inBucket) {
                byte[] key = TestContracts.key(row.key());
                if (row.expiresAtMillis() == 0) {
                    encoder.add(key, row.value());
                } else {
                    encoder.add(key, row.value(), row.expiresAtMillis());
                }
            }
            bodies[bucket] = encoder.finish();
        });
        return bodies;
    }

    private static DatasetEntry entry(Catalog catalog, String dataset) {
        DatasetEntry entry = CatalogSnapshot.findDataset(catalog, dataset);
        if (entry == null) {
            throw new AssertionError("the catalog has no dataset " + dataset);
        }
        return entry;
    }

    private Stored require(long generation) {
        Stored of = stored.get(generation);
        if (of == null) {
            throw new AssertionError("generation " + generation + " was not published by this test");
        }
        return of;
    }

    private long nonZero() {
        long id = random.nextLong();
        return id == 0 ? 1 : id;
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    /** A publication that is written and not committed. */
    public record Prepared(
            String dataset,
            long generation,
            long number,
            @Nullable Instant expiresAt) {}

    /** A version's buckets: their bodies (empty = no rows) and who wrote them. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(BucketLayout layout, byte[][] bodies, long[] generations, long[] chunkGenerations) {}
}
