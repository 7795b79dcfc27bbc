package io.penstock.publisher.stored;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.storage.v1.Bucket;
import io.penstock.storage.v1.Chunk;
import io.penstock.storage.v1.DigestChunk;
import io.penstock.storage.v1.Manifest;
import io.penstock.store.DatasetId;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.blob.Seal;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads a dataset's blobs strongly and checks each before it is believed. A blob that is missing or damaged is a result;
 * a store that does not answer is a {@link io.penstock.store.StoreException}. Thread-safe.
 */
public final class StoredBlobs {
    /** The newest manifest this program reads, and the one it writes. */
    public static final int MANIFEST_FORMAT = 1;

    private final BlobWriter blobs;
    private final DatasetId dataset;

    public StoredBlobs(BlobWriter blobs, DatasetId dataset) {
        this.blobs = blobs;
        this.dataset = dataset;
    }

    public DatasetId dataset() {
        return dataset;
    }

    /**
     * The manifest of a generation.
     *
     * @throws PublisherException if a newer program wrote it
     */
    public Stored<Manifest> manifest(long generation) {
        BlobAddress address = BlobAddress.manifest(dataset, generation);
        Stored<Manifest> read =
                parse(address, Stages.await(blobs.get(List.of(address))).get(0), Manifest.parser());
        Manifest manifest = read.value();
        if (manifest == null) {
            return read;
        }
        if (manifest.getFormat() > MANIFEST_FORMAT) {
            throw new PublisherException(
                    Category.REFUSED,
                    "NEWER_FORMAT",
                    dataset + ": version " + manifest.getNumber() + " has format " + manifest.getFormat()
                            + " (expected: <= " + MANIFEST_FORMAT
                            + "); it was written by a newer Penstock, upgrade this one");
        }
        return isPlausible(manifest, generation) ? read : Stored.damaged();
    }

    private static boolean isPlausible(Manifest manifest, long generation) {
        int bits = manifest.getLayout().getBits();
        return manifest.getGeneration() == generation
                && bits >= BucketLayout.BITS_MIN
                && bits <= BucketLayout.BITS_MAX
                && manifest.getChunkGenerationsCount()
                        == BucketLayout.of(manifest.getLayout()).chunks();
    }

    /** A chunk and its digests; {@code chunkGeneration} 0 is a chunk without rows. */
    public CompletionStage<StoredChunk> chunk(long chunkGeneration, int chunk, BucketLayout layout) {
        int buckets = layout.bucketsPerChunk();
        if (chunkGeneration == 0) {
            return CompletableFuture.completedFuture(StoredChunk.empty(buckets));
        }
        BlobAddress table = BlobAddress.chunk(dataset, chunkGeneration, chunk);
        BlobAddress digests = BlobAddress.digest(dataset, chunkGeneration, chunk);
        return blobs.get(List.of(table, digests))
                .thenApply(found -> new StoredChunk(
                        table(parse(table, found.get(0), Chunk.parser()), buckets)
                                .value(),
                        digests(parse(digests, found.get(1), DigestChunk.parser()), buckets)));
    }

    /** The tables of one chunk as several generations wrote it, in the order asked for. */
    public List<Stored<ChunkTable>> tables(List<Long> chunkGenerations, int chunk, BucketLayout layout) {
        List<BlobAddress> addresses = new ArrayList<>();
        for (long generation : chunkGenerations) {
            addresses.add(BlobAddress.chunk(dataset, generation, chunk));
        }
        List<byte @Nullable []> found = Stages.await(blobs.get(addresses));
        List<Stored<ChunkTable>> tables = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            tables.add(table(parse(addresses.get(i), found.get(i), Chunk.parser()), layout.bucketsPerChunk()));
        }
        return tables;
    }

    /** Buckets by address, in the order asked for. */
    public CompletionStage<List<Stored<Bucket>>> buckets(List<BlobAddress> addresses) {
        return blobs.get(addresses).thenApply(found -> {
            List<Stored<Bucket>> buckets = new ArrayList<>();
            for (int i = 0; i < addresses.size(); i++) {
                buckets.add(parse(addresses.get(i), found.get(i), Bucket.parser()));
            }
            return buckets;
        });
    }

    /** The bodies of blobs as they are stored, in the order asked for; null where one is missing or damaged. */
    public CompletionStage<List<byte @Nullable []>> bodies(List<BlobAddress> addresses) {
        return blobs.get(addresses).thenApply(found -> {
            List<byte @Nullable []> bodies = new ArrayList<>();
            for (int i = 0; i < addresses.size(); i++) {
                byte[] sealed = found.get(i);
                boolean whole = sealed != null
                        && Seal.verify(ByteBuffer.wrap(sealed), addresses.get(i).keyNameBytes());
                bodies.add(whole && sealed != null ? Arrays.copyOf(sealed, sealed.length - Seal.BYTES) : null);
            }
            return bodies;
        });
    }

    private static <T> Stored<T> parse(BlobAddress address, byte @Nullable [] sealed, Parser<T> parser) {
        if (sealed == null) {
            return Stored.missing();
        }
        if (!Seal.verify(ByteBuffer.wrap(sealed), address.keyNameBytes())) {
            return Stored.damaged();
        }
        try {
            return Stored.whole(parser.parseFrom(ByteBuffer.wrap(sealed, 0, sealed.length - Seal.BYTES)));
        } catch (InvalidProtocolBufferException e) {
            return Stored.damaged();
        }
    }

    private static Stored<ChunkTable> table(Stored<Chunk> read, int buckets) {
        Chunk chunk = read.value();
        if (chunk == null) {
            return new Stored<>(read.state(), null);
        }
        try {
            return Stored.whole(ChunkTable.of(chunk, buckets));
        } catch (IllegalArgumentException e) {
            return Stored.damaged();
        }
    }

    private static long @Nullable [] digests(Stored<DigestChunk> read, int buckets) {
        DigestChunk stored = read.value();
        if (stored == null || stored.getDigests().size() != buckets * Long.BYTES) {
            return null;
        }
        long[] digests = new long[buckets];
        stored.getDigests()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer()
                .get(digests);
        return digests;
    }
}
