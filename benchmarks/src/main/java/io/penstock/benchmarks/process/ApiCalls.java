package io.penstock.benchmarks.process;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.WatchDatasetsRequest;
import io.penstock.serving.v1.WatchDatasetsResponse;
import java.util.function.Consumer;

/** The few calls a measurement makes beside its load: to fill a cache, to see an answer, to hear of a swap. */
public final class ApiCalls implements AutoCloseable {
    private static final int KEYS_A_BATCH = 500;

    private final ManagedChannel channel;

    public ApiCalls(ServeProcess server) {
        this.channel =
                NettyChannelBuilder.forTarget(server.address()).usePlaintext().build();
    }

    /**
     * The bytes that the server answers a look-up with.
     *
     * @param batch keys of a {@code BatchGet}; 0 = a {@code Get}
     */
    public byte[] answer(SyntheticData data, int batch) {
        long middle = data.rows() / 2; // of as many digits as most
        return batch == 0
                ? ServingServiceGrpc.newBlockingStub(channel)
                        .get(GetRequest.newBuilder()
                                .setDataset(data.dataset())
                                .setKey(Long.toString(middle))
                                .build())
                        .toByteArray()
                : batchGet(data, middle, middle + batch).toByteArray();
    }

    /** Asks for every row once, so that the near cache holds it. */
    public void readAll(SyntheticData data) {
        for (long from = 0; from < data.rows(); from += KEYS_A_BATCH) {
            batchGet(data, from, Math.min(data.rows(), from + KEYS_A_BATCH));
        }
    }

    private BatchGetResponse batchGet(SyntheticData data, long from, long to) {
        DatasetKeys.Builder keys = DatasetKeys.newBuilder().setDataset(data.dataset());
        for (long id = from; id < to; id++) {
            keys.addKeys(Long.toString(id));
        }
        return ServingServiceGrpc.newBlockingStub(channel)
                .batchGet(BatchGetRequest.newBuilder().addGroups(keys).build());
    }

    /**
     * Follows a dataset.
     *
     * @param revisions told of each revision served, the present one first, on a thread of the channel's
     */
    public void watch(SyntheticData data, Consumer<Long> revisions) {
        ServingServiceGrpc.newStub(channel)
                .watchDatasets(
                        WatchDatasetsRequest.newBuilder()
                                .addDatasets(data.dataset())
                                .build(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(WatchDatasetsResponse response) {
                                response.getDatasetsList()
                                        .forEach(dataset -> revisions.accept(
                                                dataset.getVersion().getRevision()));
                            }

                            @Override
                            public void onError(
                                    Throwable ended) {} // the channel was closed; a swap that is missing is noticed

                            @Override
                            public void onCompleted() {}
                        });
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
