package io.penstock.store.blob;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes, deletes and strongly reads blobs for publishers and collectors. Thread-safe; never used from an event loop.
 *
 * <p>Every method returns at once unless the writer's window of unconfirmed bytes is full; then it blocks until there is
 * room (or throws {@code CLOSED}), which is the back-pressure that bounds a publisher's memory. Stages complete on any
 * thread, exceptionally with {@link io.penstock.store.StoreException}: {@code UNREACHABLE}, {@code FULL}, {@code
 * CLOSED}, {@code INTERNAL}. A failed put or delete may or may not have happened, in part or whole.
 */
public interface BlobWriter extends AutoCloseable {
    /**
     * Writes blobs; complete once the store has confirmed every one. Their order means nothing. An address is written with
     * one value only, though perhaps more than once, and never again after it was deleted: what a store makes of anything
     * else is its own affair.
     */
    CompletionStage<Void> put(List<Blob> blobs);

    /** Deletes blobs; those that are not there count as deleted. Returns how many were there, or −1 if unknown. */
    CompletionStage<Long> delete(List<BlobAddress> addresses);

    /** Reads strongly: for each address the sealed value in a fresh array, or null if it is not there. */
    CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses);

    /**
     * Completes once everything this writer has confirmed would survive what the store promises to survive.
     *
     * @return exceptionally {@code UNREACHABLE} if that cannot be said any more (a primary was replaced since)
     */
    CompletionStage<Void> barrier();

    /**
     * Hands every blob address of a namespace to {@code each}, in no order, on the calling thread. Blobs written or
     * deleted meanwhile may or may not be among them. Blocks for as long as it takes; the cost is the whole store's.
     */
    void scan(String namespace, Consumer<BlobAddress> each);

    /** Waits for what was asked and releases the writer. Idempotent. */
    @Override
    void close();
}
