package io.penstock.publisher.collect;

import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds blobs of generations nobody knows. The generations are listed before the catalog is read: a generation seen in
 * the store was begun before, so one that the catalog, read later, does not know has ended. Of such a generation only
 * what a live manifest names is spared. Holds the tables of all live versions, about a byte a bucket each.
 */
final class FullScan {
    private static final int DELETIONS_PER_PASS_MAX = 500_000;

    private final BlobWriter blobs;
    private final String namespace;
    private final int deletionsPerPass;
    private final Set<Generation> listed = new HashSet<>();

    private FullScan(BlobWriter blobs, String namespace, int deletionsPerPass) {
        this.blobs = blobs;
        this.namespace = namespace;
        this.deletionsPerPass = deletionsPerPass;
    }

    /** A generation of a dataset. */
    record Generation(String dataset, long id) {}

    private record ChunkName(String dataset, long generation, int chunk) {}

    /** Lists the generations that have blobs. */
    static FullScan list(BlobWriter blobs, String namespace) {
        return list(blobs, namespace, DELETIONS_PER_PASS_MAX);
    }

    /** @param deletionsPerPass how many addresses are held in memory; the store is listed again for more */
    static FullScan list(BlobWriter blobs, String namespace, int deletionsPerPass) {
        FullScan scan = new FullScan(blobs, namespace, deletionsPerPass);
        blobs.scan(
                namespace,
                address -> scan.listed.add(new Generation(address.dataset().name(), address.generation())));
        return scan;
    }

    /** The generations that were listed and are not known. */
    Set<Generation> unknown(Set<Generation> known) {
        Set<Generation> unknown = new HashSet<>(listed);
        unknown.removeAll(known);
        return unknown;
    }

    /**
     * Deletes the blobs of generations that no live manifest names.
     *
     * @param unknown what may be deleted
     * @param live live manifests by the dataset's name
     * @return datasets left alone because a chunk of a live version could not be read
     */
    Set<String> sweep(Set<Generation> unknown, Map<String, List<Manifest>> live, Deletions deletions) {
        Map<ChunkName, @Nullable ChunkTable> tables = new HashMap<>();
        Set<String> leftAlone = new HashSet<>();
        boolean more = !unknown.isEmpty();
        while (more) {
            List<BlobAddress> doomed = new ArrayList<>();
            blobs.scan(namespace, address -> {
                String dataset = address.dataset().name();
                if (doomed.size() < deletionsPerPass
                        && unknown.contains(new Generation(dataset, address.generation()))
                        && !leftAlone.contains(dataset)
                        && !isNamed(address, live.getOrDefault(dataset, List.of()), tables, leftAlone)) {
                    doomed.add(address);
                }
            });
            for (BlobAddress address : doomed) {
                if (!leftAlone.contains(address.dataset().name())) {
                    deletions.add(address);
                }
            }
            deletions.complete();
            more = doomed.size() == deletionsPerPass;
        }
        return leftAlone;
    }

    private boolean isNamed(
            BlobAddress address,
            List<Manifest> live,
            Map<ChunkName, @Nullable ChunkTable> tables,
            Set<String> leftAlone) {
        for (Manifest manifest : live) {
            switch (address.kind()) {
                case MANIFEST, INTENT -> {
                    return false;
                }
                case CHUNK, DIGEST -> {
                    if (address.number() < manifest.getChunkGenerationsCount()
                            && manifest.getChunkGenerations((int) address.number()) == address.generation()) {
                        return true;
                    }
                }
                case BUCKET -> {
                    if (namesBucket(manifest, address, tables, leftAlone)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean namesBucket(
            Manifest manifest,
            BlobAddress address,
            Map<ChunkName, @Nullable ChunkTable> tables,
            Set<String> leftAlone) {
        BucketLayout layout = BucketLayout.of(manifest.getLayout());
        if (address.number() >= layout.buckets()) {
            return false;
        }
        int bucket = (int) address.number();
        int chunk = BucketLayout.chunkOf(bucket);
        long chunkGeneration = manifest.getChunkGenerations(chunk);
        if (chunkGeneration == 0) {
            return false;
        }
        DatasetId dataset = address.dataset();
        ChunkName name = new ChunkName(dataset.name(), chunkGeneration, chunk);
        if (!tables.containsKey(name)) {
            tables.put(
                    name,
                    new StoredBlobs(blobs, dataset)
                            .tables(List.of(chunkGeneration), chunk, layout)
                            .get(0)
                            .value());
        }
        ChunkTable table = tables.get(name);
        if (table == null) {
            leftAlone.add(dataset.name());
            return true;
        }
        return table.generationAt(BucketLayout.indexInChunk(bucket)) == address.generation();
    }
}
