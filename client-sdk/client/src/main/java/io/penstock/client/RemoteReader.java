package io.penstock.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.ServingServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Reads over gRPC; with the revisions of a session if it is given any. */
final class RemoteReader implements DatasetReader {
    private final Calls calls;
    private final @Nullable SeenRevisions seen;

    RemoteReader(Calls calls, @Nullable SeenRevisions seen) {
        this.calls = calls;
        this.seen = seen;
    }

    @Override
    public RemoteReader withDeadline(Duration deadline) {
        return new RemoteReader(calls.withDeadline(deadline), seen);
    }

    @Override
    public Session session() {
        SeenRevisions start = new SeenRevisions();
        if (seen != null) {
            seen.toMap().forEach(start::saw);
        }
        return new Session(new RemoteReader(calls, start), start);
    }

    @Override
    public <K, T> Lookup<T> get(DatasetBinding<K, T> dataset, K key, ReadOptions options) {
        String what = what(dataset);
        return lookup(
                dataset,
                what,
                calls.blocking(
                        ServingServiceGrpc.getGetMethod(),
                        request(dataset, key, options),
                        calls.deadline(dataset.p99()),
                        what));
    }

    @Override
    public <K, T> CompletableFuture<Lookup<T>> getAsync(DatasetBinding<K, T> dataset, K key, ReadOptions options) {
        String what = what(dataset);
        return calls.async(
                ServingServiceGrpc.getGetMethod(),
                request(dataset, key, options),
                calls.deadline(dataset.p99()),
                what,
                response -> lookup(dataset, what, response));
    }

    @Override
    public BatchResult batchGet(Batch batch) {
        return batchCall(batch).blocking();
    }

    @Override
    public CompletableFuture<BatchResult> batchGetAsync(Batch batch) {
        return batchCall(batch).async(result -> result);
    }

    @Override
    public <K, T> CompletableFuture<BatchRows<T>> batchGetAsync(
            DatasetBinding<K, T> dataset, List<? extends K> keys, ReadOptions options) {
        Batch.Builder batch = Batch.builder();
        Batch.Part<T> part = batch.add(dataset, keys, options);
        return batchCall(batch.build()).async(result -> result.rows(part).orThrow());
    }

    private BatchCall batchCall(Batch batch) {
        return new BatchCall(calls, batch.parts(), seen);
    }

    private <K> GetRequest request(DatasetBinding<K, ?> dataset, K key, ReadOptions options) {
        GetRequest.Builder request =
                GetRequest.newBuilder().setDataset(dataset.dataset()).setKey(dataset.encode(key));
        ReadOptions wanted = seen == null ? options : seen.atLeast(dataset.dataset(), options);
        if (!wanted.equals(ReadOptions.none())) {
            request.setOptions(wanted.toProto());
        }
        return request.build();
    }

    private <T> Lookup<T> lookup(DatasetBinding<?, T> dataset, String what, GetResponse response) {
        VersionStamp stamp = VersionStamp.of(what, response.getVersionInfo());
        if (seen != null) {
            seen.saw(dataset.dataset(), stamp.revision());
        }
        long generation = response.getGeneration();
        return switch (response.getOutcome()) {
            case OUTCOME_FOUND -> new Lookup.Found<>(stamp, generation, decode(dataset, what, response));
            case OUTCOME_ABSENT -> new Lookup.Absent<>(stamp, generation);
            case OUTCOME_EXPIRED -> new Lookup.Expired<>(stamp, generation);
            case OUTCOME_UNCHANGED -> new Lookup.Unchanged<>(stamp, generation);
            case OUTCOME_UNSPECIFIED, OUTCOME_FAILED, UNRECOGNIZED ->
                throw Failures.notUnderstood(what, "the answer has no outcome this client knows", null);
        };
    }

    private static <T> T decode(DatasetBinding<?, T> dataset, String what, GetResponse response) {
        try {
            return dataset.valueDecoder().decode(response.getValue());
        } catch (InvalidProtocolBufferException e) {
            throw Failures.notUnderstood(
                    what, "the value is not a message of the type it is read as: is it the dataset's contract?", e);
        }
    }

    private static String what(DatasetBinding<?, ?> dataset) {
        return "Get of " + dataset.dataset();
    }
}
