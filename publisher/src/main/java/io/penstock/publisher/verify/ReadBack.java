package io.penstock.publisher.verify;

import io.penstock.publisher.PublisherOptions;
import io.penstock.publisher.guardrail.Check;
import io.penstock.publisher.stored.BucketBatches;
import io.penstock.publisher.stored.Stages;
import io.penstock.publisher.stored.StoredBlobs;
import io.penstock.publisher.stored.StoredChunk;
import io.penstock.publisher.write.WrittenChunk;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.layout.BucketLayout;
import io.penstock.store.layout.ChunkTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Reads back what a publication wrote: every chunk and digest chunk, compared with what was in memory, and of the buckets
 * a random sample, or all, compared with the digest chunks. Seal, digest, order of rows and the bucket each key belongs to
 * must be right.
 */
public final class ReadBack implements Check {
    private final StoredBlobs stored;
    private final long generation;
    private final BucketLayout layout;
    private final List<WrittenChunk> chunks;
    private final double share;
    private final int batchBuckets;
    private final RandomGenerator random;

    private long bucketsRead;
    private @Nullable String problem;
    private final Deque<Batch> reading = new ArrayDeque<>();
    private List<BlobAddress> addresses = new ArrayList<>();
    private List<Long> digests = new ArrayList<>();

    /**
     * @param bucketsWritten how many buckets there are to choose from
     * @param bytesWritten how large these are together
     * @param sample about how many of them are read; {@link PublisherOptions#READ_BACK_ALL}
     */
    public ReadBack(
            StoredBlobs stored,
            long generation,
            BucketLayout layout,
            List<WrittenChunk> chunks,
            long bucketsWritten,
            long bytesWritten,
            int sample,
            RandomGenerator random) {
        this.stored = stored;
        this.generation = generation;
        this.layout = layout;
        this.chunks = chunks;
        this.share = bucketsWritten <= sample ? 1 : (double) sample / bucketsWritten;
        this.batchBuckets = BucketBatches.size(bytesWritten, bucketsWritten);
        this.random = random;
    }

    private record Batch(
            List<BlobAddress> addresses, List<Long> digests, CompletionStage<List<byte @Nullable []>> bodies) {}

    @Override
    public String name() {
        return "read-back";
    }

    @Override
    public boolean mayBeOverridden() {
        return false;
    }

    @Override
    public Answer run() {
        for (WrittenChunk chunk : chunks) {
            read(chunk);
            if (problem != null) {
                return Answer.of(false, problem);
            }
        }
        send();
        while (problem == null && !reading.isEmpty()) {
            check(reading.remove());
        }
        if (problem != null) {
            return Answer.of(false, problem);
        }
        return Answer.of(true, chunks.size() + " chunks and " + bucketsRead + " buckets read back and right");
    }

    private void read(WrittenChunk chunk) {
        BlobAddress tableAddress = BlobAddress.chunk(stored.dataset(), generation, chunk.chunk());
        BlobAddress digestAddress = BlobAddress.digest(stored.dataset(), generation, chunk.chunk());
        List<byte @Nullable []> bodies = Stages.await(stored.bodies(List.of(tableAddress, digestAddress)));
        requireDigest(bodies.get(0), chunk.tableDigest(), tableAddress);
        requireDigest(bodies.get(1), chunk.digestsDigest(), digestAddress);
        StoredChunk read = Stages.await(stored.chunk(generation, chunk.chunk(), layout));
        ChunkTable table = read.table();
        if (problem != null || table == null || !read.hasDigests()) {
            fail("chunk " + chunk.chunk() + " cannot be read back");
            return;
        }
        for (int i = 0; i < table.size() && problem == null; i++) {
            if (table.generationAt(i) == generation && (share == 1 || random.nextDouble() < share)) {
                int bucket = (chunk.chunk() << BucketLayout.CHUNK_BITS) + i;
                addresses.add(BlobAddress.bucket(stored.dataset(), generation, bucket));
                digests.add(read.digestAt(i));
                if (addresses.size() >= batchBuckets) {
                    send();
                }
            }
        }
    }

    private void send() {
        if (addresses.isEmpty()) {
            return;
        }
        reading.add(new Batch(addresses, digests, stored.bodies(addresses)));
        addresses = new ArrayList<>();
        digests = new ArrayList<>();
        if (reading.size() > BucketBatches.UNDER_WAY_MAX) {
            check(reading.remove());
        }
    }

    private void check(Batch batch) {
        List<byte @Nullable []> bodies = Stages.await(batch.bodies());
        for (int i = 0; i < bodies.size(); i++) {
            BlobAddress address = batch.addresses().get(i);
            byte[] body = bodies.get(i);
            requireDigest(body, batch.digests().get(i), address);
            if (body != null) {
                requireRows(body, address);
            }
            bucketsRead++;
        }
    }

    private void requireDigest(byte @Nullable [] body, long expected, BlobAddress address) {
        if (body == null) {
            fail(address + " is missing or fails its checksum");
        } else if (layout.digest(body) != expected) {
            fail(address + " is not what was written");
        }
    }

    private void requireRows(byte[] body, BlobAddress address) {
        BucketCheck check = BucketCheck.of(body, address, layout);
        if (check.problem() != null) {
            fail(check.problem());
        }
    }

    private void fail(String what) {
        if (problem == null) {
            problem = what;
        }
    }
}
