package io.penstock.serving.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.read.Failure;
import io.penstock.serving.read.ReadCall;
import io.penstock.serving.read.ReadFailures;
import io.penstock.serving.read.ReadLimits;
import io.penstock.serving.read.ReadPath;
import io.penstock.serving.read.ResponseSink;
import io.penstock.serving.v1.BatchGetRequest;
import io.penstock.serving.v1.GetRequest;
import io.penstock.serving.v1.Reason;
import io.penstock.serving.v1.ServingServiceGrpc;
import io.penstock.serving.v1.ServingServiceGrpc.ServingServiceBlockingStub;
import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.NamespaceView;
import io.penstock.serving.view.ServingView;
import io.penstock.serving.view.ViewHolder;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.testkit.Await;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LookupsBehaviourTest {
    private static final int CALLS = 20;
    private static final ServingConfig CONFIG =
            ServingConfig.defaults().withListen("127.0.0.1:0").withHttp("none");
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** What a read path saw when it was called. */
    private record Seen(
            ReadPath path,
            Thread thread,
            boolean onItsLoop,
            boolean insideTheTransport,
            boolean isBatch,
            long leftNanos) {}

    @Test
    void aLookupIsReadWhereItsConnectionIsServedWithoutAHop() throws InterruptedException {
        Queue<Seen> seen = new ConcurrentLinkedQueue<>();
        try (EventLoops loops = EventLoops.start(3);
                Lookups lookups = Lookups.open(loops, CONFIG.limits(), (loop, timer) -> new WatchedPath(loop, seen))) {
            GrpcEndpoint endpoint = start(loops, lookups);
            for (int connection = 0; connection < 3; connection++) {
                seen.clear();
                callOverOneConnection(endpoint.address().getPort());
                assertThat(seen).hasSize(2 * CALLS).allMatch(Seen::onItsLoop).allMatch(Seen::insideTheTransport);
                assertThat(seen.stream().map(Seen::thread).distinct()).hasSize(1);
                assertThat(seen.stream().map(Seen::path).distinct()).hasSize(1);
                assertThat(seen)
                        .filteredOn(Seen::isBatch)
                        .as("a batch is over before its caller, so that the caller gets what it has")
                        .hasSize(CALLS)
                        .allMatch(each -> each.leftNanos <= DEADLINE.toNanos() - Lookups.BATCH_MARGIN_NANOS_MAX);
            }
            assertThat(endpoint.drain(Duration.ofSeconds(5))).isTrue();
        }
    }

    private static GrpcEndpoint start(EventLoops loops, Lookups lookups) {
        CatalogStatus catalog = new CatalogStatus("default", Duration.ofHours(1), System.nanoTime());
        return GrpcEndpoint.start(
                CONFIG,
                loops,
                lookups,
                new ViewHolder(ServingView.of(List.of(NamespaceView.unknown(catalog)))),
                new Descriptions(Clock.systemUTC()),
                new ReadFailures(ReadLimits.DEFAULT),
                Runnable::run,
                Clock.systemUTC());
    }

    @Test
    void endsAConnectionWhoseLookupsOutlastTheGrace() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (EventLoops loops = EventLoops.start(1);
                Lookups lookups =
                        Lookups.open(loops, CONFIG.limits(), (loop, timer) -> new SilentPath(asked, cancelled))) {
            GrpcEndpoint endpoint = start(loops, lookups);
            try (RawConnection caller = new RawConnection(endpoint.address().getPort())) {
                RawConnection.Call call = caller.call(
                        RawConnection.post(ServingServiceGrpc.getGetMethod().getFullMethodName()));
                call.data(new byte[5], true);
                assertThat(asked.await(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                FutureTask<Boolean> patient = new FutureTask<>(() -> endpoint.drain(DEADLINE));
                new Thread(patient).start();
                caller.awaitGoAways(2);
                assertThat(call.frames()).isEmpty();
                assertThat(endpoint.drain(Duration.ZERO)).isFalse();
                caller.awaitClosed();
                assertThat(cancelled.await(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(patient).succeedsWithin(Await.LIMIT).isEqualTo(true);
                assertThat(lookups.inFlight()).isZero();
            }
        }
    }

    private static void callOverOneConnection(int port) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
        ServingServiceBlockingStub stub =
                ServingServiceGrpc.newBlockingStub(channel).withDeadlineAfter(DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
        for (int i = 0; i < CALLS; i++) {
            assertThat(refused(() -> stub.get(GetRequest.getDefaultInstance())))
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(refused(() -> stub.batchGet(BatchGetRequest.getDefaultInstance())))
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        }
        channel.shutdownNow();
    }

    private static Status.Code refused(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run)
                .getStatus()
                .getCode();
    }

    /** Never answers. */
    private record SilentPath(CountDownLatch asked, CountDownLatch cancelled) implements ReadPath {
        @Override
        public ReadCall get(ByteBuffer request, long deadlineNanos, ResponseSink sink) {
            asked.countDown();
            return cancelled::countDown;
        }

        @Override
        public ReadCall batchGet(ByteBuffer request, long deadlineNanos, ResponseSink sink) {
            return get(request, deadlineNanos, sink);
        }

        @Override
        public void close() {}
    }

    private record WatchedPath(EventLoopHandle loop, Queue<Seen> seen) implements ReadPath {
        @Override
        public ReadCall get(ByteBuffer request, long deadlineNanos, ResponseSink sink) {
            return refuse(false, deadlineNanos, sink);
        }

        @Override
        public ReadCall batchGet(ByteBuffer request, long deadlineNanos, ResponseSink sink) {
            return refuse(true, deadlineNanos, sink);
        }

        private ReadCall refuse(boolean isBatch, long deadlineNanos, ResponseSink sink) {
            boolean insideTheTransport = StackWalker.getInstance()
                    .walk(frames -> frames.anyMatch(frame ->
                            frame.getClassName().startsWith("io.netty.handler.codec.http2.Http2ConnectionHandler")));
            seen.add(new Seen(
                    this,
                    Thread.currentThread(),
                    loop.inEventLoop(),
                    insideTheTransport,
                    isBatch,
                    deadlineNanos - System.nanoTime()));
            sink.failure(new Failure(Reason.REASON_QUOTA, Status.Code.RESOURCE_EXHAUSTED.value(), "enough"));
            return ReadCall.ANSWERED;
        }

        @Override
        public void close() {}
    }
}
