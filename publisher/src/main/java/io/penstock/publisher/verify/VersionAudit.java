package io.penstock.publisher.verify;

import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.publisher.stored.BucketBatches;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.Stored;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.publisher.stored.StoredChunk;
import io.penstock.storage.v1.Manifest;
import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole stored version and checks that it is what its manifest says: every blob is there and passes its checksum;
 * every bucket has the digest its digest chunk says, holds its own rows in their order; rows, buckets and bytes add up.
 * It streams, a few batches of buckets at a time. Used once; not thread-safe.
 */
public final class VersionAudit {
    /** How many problems are described; all are counted. */
    public static final int FINDINGS_MAX = 20;

    private final StoredBlobs stored;
    private final VersionEntry version;
    private final boolean current;

    private final List<String> findings = new ArrayList<>();
    private final Deque<Batch> reading = new ArrayDeque<>();
    private List<BlobAddress> addresses = new ArrayList<>();
    private List<Long> digests = new ArrayList<>();
    private long problems;
    private long rows;
    private long buckets;
    private long bytes;
    private long blobsRead;

    /** @param current whether the version is what is served */
    public VersionAudit(StoredBlobs stored, VersionEntry version, boolean current) {
        this.stored = stored;
        this.version = version;
        this.current = current;
    }

    private record Batch(
            List<BlobAddress> addresses, List<Long> digests, CompletionStage<List<byte @Nullable []>> bodies) {}

    /** Reads and checks everything. */
    public AuditReport run() {
        Stored<Manifest> read = stored.manifest(version.getGeneration());
        blobsRead++;
        Manifest manifest = read.value();
        if (manifest == null) {
            found("its manifest is " + read.state());
        } else {
            audit(manifest);
        }
        return new AuditReport(
                stored.dataset(),
                version.getNumber(),
                current,
                rows,
                buckets,
                bytes,
                blobsRead,
                problems,
                List.copyOf(findings));
    }

    private void audit(Manifest manifest) {
        BucketLayout layout = BucketLayout.of(manifest.getLayout());
        int batchBuckets = BucketBatches.size(manifest.getBytes(), manifest.getBuckets());
        auditContract(manifest);
        for (int chunk = 0; chunk < layout.chunks(); chunk++) {
            long generation = manifest.getChunkGenerations(chunk);
            if (generation != 0) {
                auditChunk(generation, chunk, layout, batchBuckets);
            }
        }
        send(layout);
        while (!reading.isEmpty()) {
            check(reading.remove(), layout);
        }
        if (problems == 0) {
            requireCount("rows", rows, manifest.getRows());
            requireCount("buckets", buckets, manifest.getBuckets());
            requireCount("bytes", bytes, manifest.getBytes());
        }
    }

    private void auditContract(Manifest manifest) {
        try {
            Contract.of(manifest.getContract());
        } catch (ContractException e) {
            found("its contract cannot be read: " + e.getMessage());
        }
    }

    private void auditChunk(long generation, int chunk, BucketLayout layout, int batchBuckets) {
        StoredChunk read = Stages.await(stored.chunk(generation, chunk, layout));
        blobsRead += 2;
        ChunkTable table = read.table();
        if (!read.hasDigests()) {
            found(BlobAddress.digest(stored.dataset(), generation, chunk) + " is missing or damaged");
        }
        if (table == null) {
            found(BlobAddress.chunk(stored.dataset(), generation, chunk) + " is missing or damaged");
            return;
        }
        for (int i = 0; i < table.size(); i++) {
            int bucket = (chunk << BucketLayout.CHUNK_BITS) + i;
            long written = table.generationAt(i);
            if (read.hasDigests() && (written == 0) != (read.digestAt(i) == 0)) {
                found("chunk " + chunk + " and its digests do not agree on bucket " + bucket);
            }
            if (written != 0) {
                addresses.add(BlobAddress.bucket(stored.dataset(), written, bucket));
                digests.add(read.digestAt(i));
                if (addresses.size() >= batchBuckets) {
                    send(layout);
                }
            }
        }
    }

    private void send(BucketLayout layout) {
        if (addresses.isEmpty()) {
            return;
        }
        reading.add(new Batch(addresses, digests, stored.bodies(addresses)));
        addresses = new ArrayList<>();
        digests = new ArrayList<>();
        if (reading.size() > BucketBatches.UNDER_WAY_MAX) {
            check(reading.remove(), layout);
        }
    }

    private void check(Batch batch, BucketLayout layout) {
        List<byte @Nullable []> bodies = Stages.await(batch.bodies());
        for (int i = 0; i < bodies.size(); i++) {
            blobsRead++;
            check(batch.addresses().get(i), batch.digests().get(i), bodies.get(i), layout);
        }
    }

    private void check(BlobAddress address, long digest, byte @Nullable [] body, BucketLayout layout) {
        if (body == null) {
            found(address + " is missing or fails its checksum");
            return;
        }
        if (digest != 0 && layout.digest(body) != digest) {
            found(address + " is not what its digest says");
            return;
        }
        BucketCheck check = BucketCheck.of(body, address, layout);
        if (check.problem() != null) {
            found(check.problem());
            return;
        }
        rows += check.rows();
        buckets++;
        bytes += body.length;
    }

    private void requireCount(String what, long counted, long expected) {
        if (counted != expected) {
            found(counted + " " + what + " (expected: " + expected + ")");
        }
    }

    private void found(String problem) {
        problems++;
        if (findings.size() < FINDINGS_MAX) {
            findings.add(problem);
        }
    }
}
