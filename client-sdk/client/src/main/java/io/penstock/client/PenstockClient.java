package io.penstock.client;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.stub.ClientCalls;
import io.penstock.contract.Contract;
import io.penstock.contract.ContractException;
import io.penstock.serving.v1.Dataset;
import io.penstock.serving.v1.GetContractRequest;
import io.penstock.serving.v1.GetContractResponse;
import io.penstock.serving.v1.GetDatasetRequest;
import io.penstock.serving.v1.ListDatasetsRequest;
import io.penstock.serving.v1.ListDatasetsResponse;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.WatchDatasetsRequest;
import io.penstock.serving.v1.WatchDatasetsResponse;
import io.penstock.storage.v1.StoredContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client of Penstock servers. Thread-safe; one for a whole process is enough.
 *
 * <pre>{@code
 * try (PenstockClient client = PenstockClient.builder("localhost:7070").build()) {
 *     Lookup<Customer360> customer = client.get("customer-360.v1", "42", Customer360.parser());
 * }
 * }</pre>
 *
 * <p>What holds for every read about deadlines, errors and threads stands at {@link DatasetReader}. It also holds for the
 * calls about datasets and contracts below, which wait for their answers, each request under the deadline.
 */
public final class PenstockClient implements DatasetReader, AutoCloseable {
    private final Connection connection;
    private final Calls calls;
    private final RemoteReader reader;

    /**
     * A client that makes its own connections, and ends them when it is closed.
     *
     * @param target {@code host:port}; several servers as {@code a:7070,b:7070}, or a host whose name has several addresses;
     *     or any name gRPC resolves, such as {@code dns:///penstock:7070}
     * @throws IllegalArgumentException if the target is none of these
     */
    public static PenstockClientBuilder builder(String target) {
        return new PenstockClientBuilder(target, null);
    }

    /**
     * A client on a channel of the caller's: transport, protection, load balancing, health checks and retries are as the
     * caller set them up. The caller closes it, after the client.
     */
    public static PenstockClientBuilder builder(Channel channel) {
        return new PenstockClientBuilder(null, channel);
    }

    PenstockClient(Connection connection, @Nullable Duration deadline) {
        this(connection, new Calls(connection, deadline));
    }

    private PenstockClient(Connection connection, Calls calls) {
        this.connection = connection;
        this.calls = calls;
        this.reader = new RemoteReader(calls, null);
    }

    /** The same client with another deadline; they share the connection, and closing either closes it. */
    @Override
    public PenstockClient withDeadline(Duration deadline) {
        return new PenstockClient(connection, calls.withDeadline(deadline));
    }

    @Override
    public Session session() {
        return reader.session();
    }

    /** Reads that never go back behind these revisions, by dataset, which {@link Session#revisions} gave. */
    public Session session(Map<String, Long> revisions) {
        SeenRevisions seen = new SeenRevisions();
        revisions.forEach(seen::saw);
        return new Session(new RemoteReader(calls, seen), seen);
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

    /**
     * Waits until a server answers. A service that does so before it takes requests of its own spares its first ones the
     * time it takes to connect, and learns at its start what is wrong with the client's configuration.
     *
     * @throws UnavailableException if none does in time, or within another second in which it is found out why; the
     *     message says it
     */
    public void awaitReady(Duration timeout) {
        calls.awaitAnswer(timeout);
    }

    /** All datasets of the server, in the order of their full names; several requests if they are many. */
    public List<Dataset> listDatasets() {
        String what = "ListDatasets";
        List<Dataset> datasets = new ArrayList<>();
        String token = "";
        do {
            ListDatasetsResponse page = calls.blocking(
                    ServingServiceGrpc.getListDatasetsMethod(),
                    ListDatasetsRequest.newBuilder().setPageToken(token).build(),
                    calls.deadline(),
                    what);
            datasets.addAll(page.getDatasetsList());
            if (page.getDatasetsCount() == 0 && !page.getNextPageToken().isEmpty()) {
                throw Failures.notUnderstood(what, "an empty page that is not the last", null);
            }
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return List.copyOf(datasets);
    }

    /**
     * A dataset as the server serves it now.
     *
     * @throws NotFoundException if the server does not have it
     */
    public Dataset getDataset(String dataset) {
        return calls.blocking(
                        ServingServiceGrpc.getGetDatasetMethod(),
                        GetDatasetRequest.newBuilder().setDataset(dataset).build(),
                        calls.deadline(),
                        "GetDataset of " + dataset)
                .getDataset();
    }

    /**
     * The contract that the dataset's current version was written under.
     *
     * @throws NotFoundException if the server does not have the dataset
     */
    public Contract getContract(String dataset) {
        return contract(GetContractRequest.newBuilder().setDataset(dataset).build(), "GetContract of " + dataset);
    }

    /**
     * The contract with this digest, of a version that the server holds.
     *
     * @throws NotFoundException if there is none
     */
    public Contract getContract(ByteString digest) {
        return contract(GetContractRequest.newBuilder().setDigest(digest).build(), "GetContract");
    }

    private Contract contract(GetContractRequest request, String what) {
        GetContractResponse response =
                calls.blocking(ServingServiceGrpc.getGetContractMethod(), request, calls.deadline(), what);
        try {
            return Contract.of(StoredContract.newBuilder()
                    .setMessage(response.getMessage())
                    .setDescriptorSet(response.getDescriptorSet())
                    .setDigest(response.getDigest())
                    .build());
        } catch (ContractException e) {
            throw Failures.notUnderstood(what, "the contract in the answer was refused: " + e.getMessage(), e);
        }
    }

    /**
     * Follows datasets of one server; none named means all, those that appear later included. Does not wait: the
     * listener hears of everything, failure included. This is the one call without a deadline.
     */
    public Watch watch(Collection<String> datasets, DatasetListener listener) {
        ClientCall<WatchDatasetsRequest, WatchDatasetsResponse> call =
                connection.channel().newCall(ServingServiceGrpc.getWatchDatasetsMethod(), connection.options());
        Watch watch = new Watch(connection, listener);
        connection.opening(watch);
        ClientCalls.asyncServerStreamingCall(
                call, WatchDatasetsRequest.newBuilder().addAllDatasets(datasets).build(), watch.observer());
        watch.started();
        return watch;
    }

    /**
     * Ends watches, lets reads under way finish for up to five seconds and closes the connection if it is the client's
     * own. A read that cannot finish by then, or would need another request, fails with a {@link PenstockException} whose
     * code is {@code CANCELLED} and whose message ends in {@code the client was closed}. Calls that begin later, the
     * asynchronous ones too, throw {@link IllegalStateException}. Idempotent.
     */
    @Override
    public void close() {
        connection.close();
    }
}
