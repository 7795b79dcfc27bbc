package io.penstock.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.BatchGetResponse;
import io.penstock.serving.v1.DatasetKeys;
import io.penstock.serving.v1.GetDatasetRequest;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.GetResponse;
import io.penstock.serving.v1.Outcome;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.ServingServiceGrpc.ServingServiceBlockingStub;
import io.penstock.serving.v1.ServingServiceGrpc.ServingServiceFutureStub;
import io.penstock.serving.v1.WatchDatasetsRequest;
import io.penstock.serving.v1.WatchDatasetsResponse;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.Fault;
import io.penstock.store.testkit.Operation;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What one connection, or all callers together, may ask of a server that is not a lookup's business. */
class ConnectionsBehaviourTest {
    private static final String ITEMS = TestServer.ITEMS;

    @Test
    void closesAConnectionThatResetsTooManyCalls() throws InterruptedException {
        try (TestServer server = TestServer.start(config -> config.with("connections.resets", "20"))) {
            server.store.faults().always(Fault.FROZEN, Operation.BLOB_READ);
            ServingServiceFutureStub calls = ServingServiceGrpc.newFutureStub(server.channel);
            ListenableFuture<GetResponse> bystander = calls.get(get("k1"));
            List<ListenableFuture<GetResponse>> sent = new ArrayList<>();
            Await.until("the connection is closed", () -> {
                sent.forEach(call -> call.cancel(true));
                sent.clear();
                for (int i = 0; i < 5; i++) {
                    sent.add(calls.get(get("k1")));
                }
                return bystander.isDone();
            });
            ExecutionException ended = catchThrowableOfType(ExecutionException.class, bystander::get);
            assertThat(Status.fromThrowable(ended).getCode())
                    .isIn(Status.Code.UNAVAILABLE, Status.Code.RESOURCE_EXHAUSTED); // whichever it sees first
            sent.forEach(call -> call.cancel(true));
            server.store.faults().stop();
            assertThat(server.stub.withWaitForReady().get(get("k1")).getOutcome())
                    .isEqualTo(Outcome.OUTCOME_FOUND);
        }
    }

    @Test
    void letsCallsBeyondTheStreamsOfAConnectionWaitAtTheCaller() throws Exception {
        try (TestServer server = TestServer.start(config -> config.with("connections.streams", "2"))) {
            server.stub.get(get("nobody"));
            server.store.faults().always(Fault.FROZEN, Operation.BLOB_READ);
            ServingServiceFutureStub calls = ServingServiceGrpc.newFutureStub(server.channel);
            List<ListenableFuture<GetResponse>> sent = new ArrayList<>();
            for (String key : List.of("k1", "k2", "k3")) {
                sent.add(calls.get(get(key)));
            }
            Await.until("two have arrived", () -> server.lookupsInFlight() == 2);
            ManagedChannel other = NettyChannelBuilder.forAddress("127.0.0.1", server.server.port())
                    .usePlaintext()
                    .build();
            sent.add(ServingServiceGrpc.newFutureStub(other).get(get("k4")));
            Await.until("another connection's arrives", () -> server.lookupsInFlight() == 3);
            server.store.faults().stop();
            for (ListenableFuture<GetResponse> call : sent) {
                assertThat(call.get(10, TimeUnit.SECONDS).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
            }
            other.shutdownNow();
        }
    }

    @Test
    void closesAnIdleConnection() throws InterruptedException {
        try (TestServer server = TestServer.start(config -> config.with("connections.idle", "1s"))) {
            server.stub.get(get("k1"));
            assertThat(server.channel.getState(false)).isEqualTo(ConnectivityState.READY);
            Await.until("closed", () -> server.channel.getState(false) == ConnectivityState.IDLE);
            assertThat(server.stub.get(get("k1")).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
        }
    }

    @Test
    void movesCallersOfAnOldConnectionToANewOneWithoutFailingACall() throws InterruptedException {
        try (TestServer server = TestServer.start(config -> config.with("connections.age", "1s"))) {
            Set<SocketAddress> connections = ConcurrentHashMap.newKeySet();
            ServingServiceBlockingStub stub = server.stub.withInterceptors(noting(connections));
            Await.until("the second connection", () -> {
                assertThat(stub.get(get("k1")).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
                return connections.size() > 1;
            });
        }
    }

    private static ClientInterceptor noting(Set<SocketAddress> connections) {
        return new ClientInterceptor() {
            @Override
            public <Q, R> ClientCall<Q, R> interceptCall(
                    MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
                return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                    @Override
                    public void start(Listener<R> responses, Metadata headers) {
                        super.start(
                                new SimpleForwardingClientCallListener<>(responses) {
                                    @Override
                                    public void onHeaders(Metadata received) {
                                        connections.add(getAttributes().get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR));
                                        super.onHeaders(received);
                                    }
                                },
                                headers);
                    }
                };
            }
        };
    }

    @Test
    void refusesWatchesBeyondTheLimitUntilOneEnds() throws Exception {
        try (TestServer server = TestServer.start(config -> config.with("limits.watches", "1"))) {
            ClientCall<WatchDatasetsRequest, WatchDatasetsResponse> first =
                    server.channel.newCall(ServingServiceGrpc.getWatchDatasetsMethod(), CallOptions.DEFAULT);
            first.start(new ClientCall.Listener<>() {}, new Metadata());
            ErrorInfo refusal = refusal(() -> watch(server).next());
            assertThat(refusal.getReason()).isEqualTo("OVERLOADED");
            assertThat(refusal.getMetadataMap())
                    .containsEntry("setting", "limits.watches")
                    .containsEntry("limit", "1");
            assertThat(server.stub.get(get("k1")).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
            first.cancel("enough", null);
            Await.until("its place is free", () -> {
                try {
                    return watch(server).hasNext();
                } catch (StatusRuntimeException e) {
                    return false;
                }
            });
        }
    }

    private static Iterator<WatchDatasetsResponse> watch(TestServer server) {
        return server.stub.watchDatasets(WatchDatasetsRequest.getDefaultInstance());
    }

    @Test
    void refusesCallsAboutDatasetsBeyondTheLimitButNoLookups() throws Exception {
        try (TestServer server = TestServer.start(config -> config.with("limits.admin_calls", "1"))) {
            var begun = server.channel.newCall(ServingServiceGrpc.getGetDatasetMethod(), CallOptions.DEFAULT);
            begun.start(new ClientCall.Listener<>() {}, new Metadata()); // and never sent
            GetDatasetRequest request =
                    GetDatasetRequest.newBuilder().setDataset(ITEMS).build();
            Await.until("it has the place", () -> {
                try {
                    server.stub.getDataset(request);
                    return false;
                } catch (StatusRuntimeException e) {
                    return true;
                }
            });
            ErrorInfo refusal = refusal(() -> server.stub.getDataset(request));
            assertThat(refusal.getReason()).isEqualTo("OVERLOADED");
            assertThat(refusal.getMetadataMap())
                    .containsEntry("setting", "limits.admin_calls")
                    .containsEntry("limit", "1");
            assertThat(server.stub.get(get("k1")).getOutcome()).isEqualTo(Outcome.OUTCOME_FOUND);
            assertThat(Http.get(server.server.httpPort(), "/metrics").body())
                    .contains("penstock_refusals_total{what=\"admin_calls\"}");
            begun.cancel("enough", null);
        }
    }

    private static ErrorInfo refusal(Runnable call) throws InvalidProtocolBufferException {
        StatusRuntimeException refused = catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refused).isNotNull();
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        Any detail = StatusProto.fromThrowable(refused).getDetails(0);
        return detail.unpack(ErrorInfo.class);
    }

    private static GetRequest get(String key) {
        return GetRequest.newBuilder().setDataset(ITEMS).setKey(key).build();
    }

    @Test
    void keepsNoMoreAnswersThanItsLimitForCallersWhoDoNotRead() throws Exception {
        BatchGetRequest large = BatchGetRequest.newBuilder()
                .addGroups(DatasetKeys.newBuilder()
                        .setDataset(TestServer.ITEMS)
                        .addAllKeys(Collections.nCopies(1_000, "k1")))
                .build();
        try (TestServer server =
                TestServer.start(config -> config.with("event_loops", "1").with("limits.unwritten_bytes", "256KiB"))) {
            ManagedChannel lazy = NettyChannelBuilder.forAddress("127.0.0.1", server.server.port())
                    .usePlaintext()
                    .flowControlWindow(64 << 10)
                    .build();
            try {
                for (int i = 0; i < 100; i++) {
                    ClientCall<BatchGetRequest, BatchGetResponse> unread =
                            lazy.newCall(ServingServiceGrpc.getBatchGetMethod(), CallOptions.DEFAULT);
                    unread.start(new ClientCall.Listener<>() {}, new Metadata()); // and asks for no message
                    unread.sendMessage(large);
                    unread.halfClose();
                }
                Await.until(
                        "others of the loop are refused", () -> refusal(server).contains("limits.unwritten_bytes"));
            } finally {
                lazy.shutdownNow();
            }
            Await.until("there is room again", () -> refusal(server).isEmpty());
        }
    }

    /** What a caller who reads is told; empty if it is answered. */
    private static String refusal(TestServer server) {
        try {
            GetRequest request = GetRequest.newBuilder()
                    .setDataset(TestServer.ITEMS)
                    .setKey("k1")
                    .build();
            return server.stub.get(request).getOutcome() == Outcome.OUTCOME_FOUND ? "" : "not found";
        } catch (StatusRuntimeException e) {
            assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            return String.valueOf(e.getStatus().getDescription());
        }
    }
}
