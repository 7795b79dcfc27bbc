package io.penstock.publisher.throttle;

import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A blob writer that keeps to a {@link ByteBudget}, so that readers of the same store hardly notice a publication. Bytes
 * written and read count; a delete carries none, and a scan is the collector's.
 */
public final class ThrottledBlobWriter implements BlobWriter {
    /**
     * What is written at once, unless a single blob is larger: a store that takes in a large batch lets the readers behind it
     * wait.
     */
    private static final long PIECE_BYTES = 16 << 10;

    private final BlobWriter blobs;
    private final ByteBudget budget;

    public ThrottledBlobWriter(BlobWriter blobs, ByteBudget budget) {
        this.blobs = blobs;
        this.budget = budget;
    }

    @Override
    public CompletionStage<Void> put(List<Blob> put) {
        List<CompletableFuture<Void>> pieces = new ArrayList<>();
        int to;
        for (int from = 0; from < put.size(); from = to) {
            long bytes = put.get(from).sealed().length;
            to = from + 1;
            while (to < put.size() && bytes + put.get(to).sealed().length <= PIECE_BYTES) {
                bytes += put.get(to).sealed().length;
                to++;
            }
            budget.spend(bytes);
            pieces.add(blobs.put(put.subList(from, to)).toCompletableFuture());
        }
        return CompletableFuture.allOf(pieces.toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
        budget.await();
        return blobs.get(addresses).thenApply(found -> {
            long bytes = 0;
            for (byte[] sealed : found) {
                bytes += sealed == null ? 0 : sealed.length;
            }
            budget.charge(bytes);
            return found;
        });
    }

    @Override
    public CompletionStage<Long> delete(List<BlobAddress> addresses) {
        return blobs.delete(addresses);
    }

    @Override
    public CompletionStage<Void> barrier() {
        return blobs.barrier();
    }

    @Override
    public void scan(String namespace, Consumer<BlobAddress> each) {
        blobs.scan(namespace, each);
    }

    @Override
    public void close() {
        blobs.close();
    }
}
