package io.penstock.serving.adoption;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.VersionTable;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Loads versions: the manifest, its contract, and those chunks that no loaded version has. Confined to the view loop. */
final class VersionLoader {
    /** The newest manifest format this program reads. */
    private static final int FORMAT = 1;

    private final BlobFetcher blobs;

    VersionLoader(BlobFetcher blobs) {
        this.blobs = blobs;
    }

    /**
     * Loads a version whose generation is named in presence. Completes on the loop, exceptionally with {@link
     * LoadException}. Who completes it earlier gives the loading up: blobs not asked for by then are not.
     *
     * @param loaded versions of the same dataset to share chunks with
     */
    CompletableFuture<LoadedVersion> load(DatasetId id, long generation, long number, List<DatasetView> loaded) {
        BlobAddress address = BlobAddress.manifest(id, generation);
        CompletableFuture<LoadedVersion> version = new CompletableFuture<>();
        var unused = blobs.fetch(address, version)
                .thenCompose(body -> {
                    Manifest manifest = parse(address, body, id, generation, number);
                    Contract contract = contract(address, manifest, id);
                    VersionTable.Builder table = table(address, manifest, loaded);
                    return chunks(id, table, version)
                            .thenApply(all -> new LoadedVersion(id, manifest, contract, table.build()));
                })
                .whenComplete((complete, error) -> {
                    if (error == null) {
                        version.complete(complete);
                    } else {
                        version.completeExceptionally(error);
                    }
                });
        return version;
    }

    private static Manifest parse(BlobAddress address, byte[] body, DatasetId id, long generation, long number) {
        Manifest manifest;
        try {
            manifest = Manifest.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw corrupt(address, "is not a manifest: " + e.getMessage());
        }
        if (manifest.getFormat() > FORMAT) {
            throw corrupt(
                    address,
                    "has format " + manifest.getFormat() + " (expected: <= " + FORMAT + "); upgrade this server");
        }
        if (!manifest.getDataset().equals(id.name())
                || manifest.getGeneration() != generation
                || manifest.getNumber() != number) {
            throw corrupt(address, "is the manifest of another version");
        }
        return manifest;
    }

    private static Contract contract(BlobAddress address, Manifest manifest, DatasetId id) {
        Contract contract;
        try {
            contract = Contract.of(manifest.getContract());
        } catch (ContractException e) {
            throw corrupt(address, "has a contract this server cannot read: " + e.getMessage());
        }
        if (!contract.dataset().equals(id.name())) {
            throw corrupt(address, "has the contract of dataset " + contract.dataset());
        }
        return contract;
    }

    private static VersionTable.Builder table(BlobAddress address, Manifest manifest, List<DatasetView> loaded) {
        try {
            VersionTable.Builder table = VersionTable.builder(manifest);
            loaded.forEach(version -> table.shareWith(version.table()));
            return table;
        } catch (IllegalArgumentException e) {
            throw corrupt(address, "has no valid layout: " + e.getMessage());
        }
    }

    /** Reads the missing chunks; the first that cannot be read ends the loading, and the rest is not asked for. */
    private CompletableFuture<Void> chunks(
            DatasetId id, VersionTable.Builder table, CompletableFuture<LoadedVersion> version) {
        List<CompletableFuture<Void>> loads = new ArrayList<>();
        for (int chunk = 0; chunk < table.chunks(); chunk++) {
            if (table.isMissing(chunk)) {
                int index = chunk;
                BlobAddress address = BlobAddress.chunk(id, table.chunkGeneration(chunk), chunk);
                CompletableFuture<Void> load =
                        blobs.fetch(address, version).thenAccept(body -> table.set(index, chunk(address, body, table)));
                var unused = load.exceptionally(error -> {
                    version.completeExceptionally(error);
                    return null;
                });
                loads.add(load);
            }
        }
        return CompletableFuture.allOf(loads.toArray(CompletableFuture<?>[]::new));
    }

    private static ChunkTable chunk(BlobAddress address, byte[] body, VersionTable.Builder table) {
        try {
            return ChunkTable.of(Chunk.parseFrom(body), table.bucketsPerChunk());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw corrupt(address, "is not a chunk of its version: " + e.getMessage());
        }
    }

    private static LoadException corrupt(BlobAddress address, String what) {
        return new LoadException(Reason.REASON_BUCKET_CORRUPT, address + " " + what);
    }

    /** What went wrong, of a stage that completed exceptionally. */
    static LoadException failure(@Nullable Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof LoadException known
                ? known
                : new LoadException(Reason.REASON_INTERNAL, "a bug: " + cause);
    }
}
