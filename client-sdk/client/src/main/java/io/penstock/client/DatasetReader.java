package io.penstock.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Parser;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reads keys, one or many, blocking or not. Implementations are thread-safe.
 *
 * <p><b>Deadlines.</b> Every read has one: that of {@link #withDeadline}, else the client's, else what the dataset's
 * {@linkplain DatasetBinding#p99 latency budget} allows: ten times the p99, at least 100 ms; 1 second without a budget, and at least that
 * until the client has had its first answer, because there is a connection to be made;
 * of several datasets the longest, and for a batch of more than one request as often as answers have to be waited for. It
 * covers the whole read, all requests of a large batch included. A read that misses it is an {@link UnavailableException} with
 * {@code DEADLINE_EXCEEDED}. A deadline of the caller's gRPC {@code Context} counts if it is earlier.
 *
 * <p><b>Errors.</b> An absent key is an answer. A read without an answer throws a {@link PenstockException}, or completes
 * the future with one; a key that cannot be one throws {@link InvalidRequestException} at once, also from the
 * {@code Async} methods, and a closed client {@link IllegalStateException}. Interrupting a blocking read cancels it: the
 * exception's code is {@code CANCELLED} and the thread stays interrupted. Cancelling a future cancels its requests.
 *
 * <p><b>Threads.</b> Futures complete on the client's executor: what is attached to them may run there.
 */
public sealed interface DatasetReader permits PenstockClient, RemoteReader, Session {

    /** The same reader with another deadline, above zero. Costs nothing; connection and session are shared. */
    DatasetReader withDeadline(Duration deadline);

    /** Reads that never go back, through the same connection and with the same deadline. */
    Session session();

    /** Looks an encoded key up; waits for the answer. */
    default Lookup<ByteString> get(String dataset, String key) {
        return get(DatasetBinding.bytes(dataset), key, ReadOptions.none());
    }

    /** Looks an encoded key up; waits for the answer. */
    default Lookup<ByteString> get(String dataset, String key, ReadOptions options) {
        return get(DatasetBinding.bytes(dataset), key, options);
    }

    /** Looks an encoded key up and reads its value as a message; waits for the answer. */
    default <T> Lookup<T> get(String dataset, String key, Parser<T> parser) {
        return get(DatasetBinding.of(dataset, parser), key, ReadOptions.none());
    }

    /** Looks a key up; waits for the answer. */
    default <K, T> Lookup<T> get(DatasetBinding<K, T> dataset, K key) {
        return get(dataset, key, ReadOptions.none());
    }

    /** Looks a key up; waits for the answer. */
    <K, T> Lookup<T> get(DatasetBinding<K, T> dataset, K key, ReadOptions options);

    /** Looks an encoded key up. */
    default CompletableFuture<Lookup<ByteString>> getAsync(String dataset, String key) {
        return getAsync(DatasetBinding.bytes(dataset), key, ReadOptions.none());
    }

    /** Looks an encoded key up. */
    default CompletableFuture<Lookup<ByteString>> getAsync(String dataset, String key, ReadOptions options) {
        return getAsync(DatasetBinding.bytes(dataset), key, options);
    }

    /** Looks an encoded key up and reads its value as a message. */
    default <T> CompletableFuture<Lookup<T>> getAsync(String dataset, String key, Parser<T> parser) {
        return getAsync(DatasetBinding.of(dataset, parser), key, ReadOptions.none());
    }

    /** Looks a key up. */
    default <K, T> CompletableFuture<Lookup<T>> getAsync(DatasetBinding<K, T> dataset, K key) {
        return getAsync(dataset, key, ReadOptions.none());
    }

    /** Looks a key up. */
    <K, T> CompletableFuture<Lookup<T>> getAsync(DatasetBinding<K, T> dataset, K key, ReadOptions options);

    /** Looks encoded keys of one dataset up, all in one version; see {@link #batchGet(Batch)}. */
    default BatchRows<ByteString> batchGet(String dataset, List<String> keys) {
        return batchGet(DatasetBinding.bytes(dataset), keys, ReadOptions.none());
    }

    /** Looks encoded keys of one dataset up, all in one version; see {@link #batchGet(Batch)}. */
    default BatchRows<ByteString> batchGet(String dataset, List<String> keys, ReadOptions options) {
        return batchGet(DatasetBinding.bytes(dataset), keys, options);
    }

    /** Looks encoded keys of one dataset up and reads the values as messages, all in one version. */
    default <T> BatchRows<T> batchGet(String dataset, List<String> keys, Parser<T> parser) {
        return batchGet(DatasetBinding.of(dataset, parser), keys, ReadOptions.none());
    }

    /** Looks keys of one dataset up, all in one version; see {@link #batchGet(Batch)}. */
    default <K, T> BatchRows<T> batchGet(DatasetBinding<K, T> dataset, List<? extends K> keys) {
        return batchGet(dataset, keys, ReadOptions.none());
    }

    /**
     * Looks keys of one dataset up, all in one version; see {@link #batchGet(Batch)}. If the dataset as a whole cannot
     * be answered, that is thrown; single keys that cannot are {@link Outcome#FAILED}.
     */
    default <K, T> BatchRows<T> batchGet(DatasetBinding<K, T> dataset, List<? extends K> keys, ReadOptions options) {
        Batch.Builder batch = Batch.builder();
        Batch.Part<T> part = batch.add(dataset, keys, options);
        return batchGet(batch.build()).rows(part).orThrow();
    }

    /**
     * Looks keys of several datasets up; waits for the answer. Each dataset is read in one version; datasets that were
     * committed together are never mixed, however many keys there are. A dataset, or a key, that cannot be answered
     * fails by itself.
     */
    BatchResult batchGet(Batch batch);

    /** Looks encoded keys of one dataset up, all in one version. */
    default CompletableFuture<BatchRows<ByteString>> batchGetAsync(String dataset, List<String> keys) {
        return batchGetAsync(DatasetBinding.bytes(dataset), keys, ReadOptions.none());
    }

    /** Looks encoded keys of one dataset up and reads the values as messages, all in one version. */
    default <T> CompletableFuture<BatchRows<T>> batchGetAsync(String dataset, List<String> keys, Parser<T> parser) {
        return batchGetAsync(DatasetBinding.of(dataset, parser), keys, ReadOptions.none());
    }

    /** Looks keys of one dataset up, all in one version; fails if the dataset as a whole cannot be answered. */
    <K, T> CompletableFuture<BatchRows<T>> batchGetAsync(
            DatasetBinding<K, T> dataset, List<? extends K> keys, ReadOptions options);

    /** Looks keys of several datasets up, as {@link #batchGet(Batch)} does. */
    CompletableFuture<BatchResult> batchGetAsync(Batch batch);
}
