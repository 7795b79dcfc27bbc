package io.penstock.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Reads that never go back: no answer is older than one this session has had of the same dataset, whichever server gives
 * it, rollbacks included. A server that is not there yet answers {@link UnavailableException} with
 * {@code REVISION_NOT_REACHED}; trying again is right.
 *
 * <p>Thread-safe: answers that arrive at the same time count in any order, and a read that starts after another ended
 * sees at least its revision. A read that names its {@link ReadOptions#version} gets that version however old it is.
 * Datasets are told apart by the name they are asked for: use one spelling. A session is a few numbers in memory and need
 * not be closed.
 */
public final class Session implements DatasetReader {
    private final RemoteReader reader;
    private final SeenRevisions seen;

    Session(RemoteReader reader, SeenRevisions seen) {
        this.reader = reader;
        this.seen = seen;
    }

    /**
     * The highest revision seen of each dataset: what {@link PenstockClient#session(Map)} continues from, in another
     * process for instance.
     */
    public Map<String, Long> revisions() {
        return seen.toMap();
    }

    /** Another session, which goes on from what this one has seen. */
    @Override
    public Session session() {
        return reader.session();
    }

    @Override
    public Session withDeadline(Duration deadline) {
        return new Session(reader.withDeadline(deadline), seen);
    }

    @Override
    public <K, T> Lookup<T> get(DatasetBinding<K, T> dataset, K key, ReadOptions options) {
        return reader.get(dataset, key, options);
    }

    @Override
    public <K, T> CompletableFuture<Lookup<T>> getAsync(DatasetBinding<K, T> dataset, K key, ReadOptions options) {
        return reader.getAsync(dataset, key, options);
    }

    @Override
    public BatchResult batchGet(Batch batch) {
        return reader.batchGet(batch);
    }

    @Override
    public <K, T> CompletableFuture<BatchRows<T>> batchGetAsync(
            DatasetBinding<K, T> dataset, List<? extends K> keys, ReadOptions options) {
        return reader.batchGetAsync(dataset, keys, options);
    }

    @Override
    public CompletableFuture<BatchResult> batchGetAsync(Batch batch) {
        return reader.batchGetAsync(batch);
    }
}
