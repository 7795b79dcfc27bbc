package io.penstock.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.DatasetRows;
import io.penstock.serving.v1.GetContractRequest;
import io.penstock.serving.v1.GetContractResponse;
import io.penstock.serving.v1.GetDatasetRequest;
import io.penstock.serving.v1.GetDatasetResponse;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.ListDatasetsRequest;
import io.penstock.serving.v1.ListDatasetsResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.RowResult;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.VersionInfo;
import io.penstock.serving.v1.WatchDatasetsRequest;
import io.penstock.serving.v1.WatchDatasetsResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The wire end of a server, by hand: datasets with versions whose row {@code k} reads {@code v<version>:k}, and answers
 * a test can replace. Keys that start with {@code absent}, {@code expired} or {@code lost} have those outcomes.
 */
final class FakeServer extends ServingServiceGrpc.ServingServiceImplBase implements AutoCloseable {
    final List<GetRequest> gets = new CopyOnWriteArrayList<>();
    final List<BatchGetRequest> batches = new CopyOnWriteArrayList<>();
    final BlockingQueue<Deadline> deadlines = new LinkedBlockingQueue<>();
    final CountDownLatch cancelled = new CountDownLatch(1);

    /** Replaces the answer to a get; null is no answer at all. */
    volatile Function<GetRequest, @Nullable GetResponse> get = this::answer;

    /** Replaces the answer to a batch; null is no answer at all. */
    volatile Function<BatchGetRequest, @Nullable BatchGetResponse> batchGet = this::answer;

    volatile Function<GetContractRequest, @Nullable GetContractResponse> contract = request -> {
        throw status(Status.UNIMPLEMENTED, null);
    };
    volatile Function<ListDatasetsRequest, @Nullable ListDatasetsResponse> list = request -> {
        throw status(Status.UNIMPLEMENTED, null);
    };
    volatile Function<GetDatasetRequest, @Nullable GetDatasetResponse> dataset = request -> {
        throw status(Status.UNIMPLEMENTED, null);
    };
    final BlockingQueue<ServerCallStreamObserver<WatchDatasetsResponse>> watches = new LinkedBlockingQueue<>();

    private final Map<String, Moves> datasets = new ConcurrentHashMap<>();
    private final Server server;
    private final ManagedChannel channel;

    /** A dataset's current version, its revision, and the other versions it still has. */
    record Moves(long version, long revision, Map<Long, Long> revisions, Map<Long, Reason> gone) {}

    FakeServer() {
        String name = InProcessServerBuilder.generateName();
        try {
            server = InProcessServerBuilder.forName(name)
                    .addService(this)
                    .build()
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        channel = InProcessChannelBuilder.forName(name).build();
    }

    PenstockClientBuilder client() {
        return PenstockClient.builder(channel);
    }

    /** Moves a dataset to a version, which becomes its next revision; others stay readable. */
    void serve(String dataset, long version) {
        datasets.compute(dataset, (name, moves) -> {
            long revision = moves == null ? 1 : moves.revision + 1;
            Map<Long, Long> revisions = moves == null ? new ConcurrentHashMap<>() : moves.revisions;
            revisions.put(version, revision);
            return new Moves(version, revision, revisions, moves == null ? new ConcurrentHashMap<>() : moves.gone);
        });
    }

    /** Makes a version unreadable. */
    void forget(String dataset, long version, Reason reason) {
        moves(dataset).gone.put(version, reason);
    }

    private Moves moves(String dataset) {
        return Objects.requireNonNull(datasets.get(dataset));
    }

    static StatusRuntimeException status(Status status, @Nullable ErrorInfo info) {
        com.google.rpc.Status.Builder proto = com.google.rpc.Status.newBuilder()
                .setCode(status.getCode().value())
                .setMessage(Objects.requireNonNullElse(status.getDescription(), ""));
        if (info != null) {
            proto.addDetails(Any.pack(info));
        }
        return StatusProto.toStatusRuntimeException(proto.build());
    }

    static StatusRuntimeException failure(Status status, Reason reason) {
        return status(
                status,
                ErrorInfo.newBuilder()
                        .setDomain("penstock")
                        .setReason(reason.name().substring("REASON_".length()))
                        .build());
    }

    @Override
    public void get(GetRequest request, StreamObserver<GetResponse> observer) {
        gets.add(request);
        reply(request, get, observer);
    }

    @Override
    public void batchGet(BatchGetRequest request, StreamObserver<BatchGetResponse> observer) {
        batches.add(request);
        reply(request, batchGet, observer);
    }

    @Override
    public void getContract(GetContractRequest request, StreamObserver<GetContractResponse> observer) {
        reply(request, contract, observer);
    }

    @Override
    public void listDatasets(ListDatasetsRequest request, StreamObserver<ListDatasetsResponse> observer) {
        reply(request, list, observer);
    }

    @Override
    public void getDataset(GetDatasetRequest request, StreamObserver<GetDatasetResponse> observer) {
        reply(request, dataset, observer);
    }

    @Override
    public void watchDatasets(WatchDatasetsRequest request, StreamObserver<WatchDatasetsResponse> observer) {
        ServerCallStreamObserver<WatchDatasetsResponse> call =
                (ServerCallStreamObserver<WatchDatasetsResponse>) observer;
        call.setOnCancelHandler(cancelled::countDown);
        watches.add(call);
    }

    private <Q, A> void reply(Q request, Function<Q, @Nullable A> answer, StreamObserver<A> observer) {
        ((ServerCallStreamObserver<A>) observer).setOnCancelHandler(cancelled::countDown);
        Deadline deadline = Context.current().getDeadline();
        if (deadline != null) {
            deadlines.add(deadline);
        }
        try {
            A value = answer.apply(request);
            if (value != null) {
                observer.onNext(value);
                observer.onCompleted();
            }
        } catch (StatusRuntimeException e) {
            observer.onError(e);
        }
    }

    GetResponse answer(GetRequest request) {
        Moves moves = moves(request.getDataset());
        long version = request.getOptions().getVersion() == 0
                ? moves.version
                : request.getOptions().getVersion();
        if (moves.revision < request.getOptions().getMinRevision()) {
            throw failure(Status.UNAVAILABLE, Reason.REASON_REVISION_NOT_REACHED);
        }
        RowResult row = row(version, request.getKey());
        return GetResponse.newBuilder()
                .setOutcome(row.getOutcome())
                .setValue(row.getValue())
                .setGeneration(row.getGeneration())
                .setVersionInfo(info(moves, version))
                .build();
    }

    BatchGetResponse answer(BatchGetRequest request) {
        BatchGetResponse.Builder response = BatchGetResponse.newBuilder();
        for (DatasetKeys group : request.getGroupsList()) {
            response.addGroups(rows(group));
        }
        return response.build();
    }

    private DatasetRows rows(DatasetKeys group) {
        Moves moves = datasets.get(group.getDataset());
        if (moves == null) {
            return failed(Status.Code.NOT_FOUND, Reason.REASON_UNKNOWN_DATASET);
        }
        if (moves.revision < group.getOptions().getMinRevision()) {
            return failed(Status.Code.UNAVAILABLE, Reason.REASON_REVISION_NOT_REACHED);
        }
        long version = group.getOptions().getVersion() == 0
                ? moves.version
                : group.getOptions().getVersion();
        Reason gone = moves.gone.get(version);
        if (gone != null) {
            return failed(Status.Code.NOT_FOUND, gone);
        }
        DatasetRows.Builder rows = DatasetRows.newBuilder().setVersionInfo(info(moves, version));
        group.getKeysList().forEach(key -> rows.addRows(row(version, key)));
        return rows.build();
    }

    static DatasetRows failed(Status.Code code, Reason reason) {
        return DatasetRows.newBuilder().setCode(code.value()).setReason(reason).build();
    }

    private static VersionInfo info(Moves moves, long version) {
        return VersionInfo.newBuilder()
                .setVersion(version)
                .setRevision(Objects.requireNonNull(moves.revisions.get(version)))
                .setDataAsOf(Timestamp.newBuilder().setSeconds(1_000 * version).setNanos(7))
                .build();
    }

    private static RowResult row(long version, String key) {
        RowResult.Builder row = RowResult.newBuilder();
        if (key.startsWith("absent")) {
            return row.setOutcome(Outcome.OUTCOME_ABSENT).build();
        }
        if (key.startsWith("expired")) {
            return row.setOutcome(Outcome.OUTCOME_EXPIRED).setGeneration(9).build();
        }
        if (key.startsWith("lost")) {
            return row.setOutcome(Outcome.OUTCOME_FAILED)
                    .setCode(Status.Code.DATA_LOSS.value())
                    .setReason(Reason.REASON_BUCKET_LOST)
                    .build();
        }
        return row.setOutcome(Outcome.OUTCOME_FOUND)
                .setValue(ByteString.copyFromUtf8("v" + version + ":" + key))
                .setGeneration(-version)
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        try {
            if (!channel.awaitTermination(10, TimeUnit.SECONDS) || !server.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the in-process server does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
