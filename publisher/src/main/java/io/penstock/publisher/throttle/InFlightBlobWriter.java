package io.penstock.publisher.throttle;

import io.penstock.publisher.stored.Stages;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A blob writer that has a limited number of blobs on their way at a time, written, read and deleted ones together, so that
 * readers of the same store never queue behind many of them. Larger batches are split. The caller waits for its turn.
 */
public final class InFlightBlobWriter implements BlobWriter {
    private final BlobWriter blobs;
    private final int max;
    private final Semaphore permits;

    public InFlightBlobWriter(BlobWriter blobs, int max) {
        if (max < 1) {
            throw new IllegalArgumentException("max: " + max + " (expected: > 0)");
        }
        this.blobs = blobs;
        this.max = max;
        this.permits = new Semaphore(max);
    }

    @Override
    public CompletionStage<Void> put(List<Blob> put) {
        List<CompletionStage<Void>> parts = inParts(put, blobs::put);
        CompletionStage<Void> all = parts.get(0);
        for (CompletionStage<Void> part : parts.subList(1, parts.size())) {
            all = all.thenAcceptBoth(part, (none, nothing) -> {});
        }
        return all;
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
        CompletionStage<List<byte @Nullable []>> all = CompletableFuture.completedFuture(List.of());
        for (CompletionStage<List<byte @Nullable []>> part : inParts(addresses, blobs::get)) {
            all = all.thenCombine(part, (found, more) -> {
                List<byte @Nullable []> both = new ArrayList<>(found);
                both.addAll(more);
                return both;
            });
        }
        return all;
    }

    @Override
    public CompletionStage<Long> delete(List<BlobAddress> addresses) {
        CompletionStage<Long> all = CompletableFuture.completedFuture(0L);
        for (CompletionStage<Long> part : inParts(addresses, blobs::delete)) {
            all = all.thenCombine(part, Long::sum);
        }
        return all;
    }

    private <I, O> List<CompletionStage<O>> inParts(List<I> items, Function<List<I>, CompletionStage<O>> send) {
        List<CompletionStage<O>> parts = new ArrayList<>();
        for (int from = 0; from == 0 || from < items.size(); from += max) {
            List<I> part = items.subList(from, Math.min(items.size(), from + max));
            parts.add(sendOne(part, send));
        }
        return parts;
    }

    private <I, O> CompletionStage<O> sendOne(List<I> part, Function<List<I>, CompletionStage<O>> send) {
        int count = part.size();
        Stages.acquire(permits, count);
        try {
            return send.apply(part).whenComplete((result, failure) -> permits.release(count));
        } catch (RuntimeException | Error e) {
            permits.release(count);
            throw e;
        }
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
