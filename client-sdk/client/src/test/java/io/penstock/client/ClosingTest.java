package io.penstock.client;

import static io.penstock.client.TestServers.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.penstock.serving.v1.Dataset;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ClosingTest {
    @Test
    void letsReadsUnderWayEnd() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        try (TestServers servers = TestServers.start(1)) {
            FakeServer fake = servers.get(0).fake;
            fake.get = request -> {
                if (request.getKey().equals("slow")) {
                    asked.countDown();
                    awaitUninterruptibly(closing);
                }
                return fake.answer(request);
            };
            PenstockClient client = servers.client().build();
            CompletableFuture<? extends Lookup<?>> read = client.getAsync(DATASET, "slow");
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(client::close);
            assertThatThrownBy(() -> readUntilRefused(client))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("client: closed (expected: open for as long as it is used)");
            closing.countDown();
            assertThat(read.get(20, TimeUnit.SECONDS).value()).isPresent();
            closed.get(20, TimeUnit.SECONDS);
            client.close(); // again: nothing
        }
    }

    private static void readUntilRefused(PenstockClient client) {
        while (true) {
            try {
                client.get(DATASET, "b");
            } catch (PenstockException e) {
                // It began a moment before the end.
                assertThat(e).hasMessage("Get of orders.v1: CANCELLED: the client was closed");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutsOffReadsThatDoNotEnd(boolean hedged) throws Exception {
        BlockingQueue<CallReport> reports = new LinkedBlockingQueue<>();
        try (TestServers servers = TestServers.start(1)) {
            PenstockClientBuilder builder = servers.client().observer(reports::add);
            PenstockClient client = (hedged ? builder.hedging(Hedging.after(Duration.ofMinutes(1))) : builder).build();
            CountDownLatch asked = new CountDownLatch(3);
            FakeServer fake = servers.get(0).fake;
            fake.get = request -> {
                asked.countDown();
                return null;
            };
            fake.batchGet = request -> {
                asked.countDown();
                return null;
            };
            CompletableFuture<?> get = client.getAsync(DATASET, "a");
            CompletableFuture<?> batch = client.batchGetAsync(DATASET, List.of("a", "b"));
            CompletableFuture<?> blocking = CompletableFuture.runAsync(() -> client.get(DATASET, "a"));
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            client.close();
            assertCutOff(get, "Get of orders.v1: CANCELLED: the client was closed");
            assertCutOff(batch, "BatchGet of orders.v1: CANCELLED: the client was closed");
            assertCutOff(blocking, "Get of orders.v1: CANCELLED: the client was closed");
            for (int i = 0; i < 3; i++) {
                assertThat(reports.poll(20, TimeUnit.SECONDS))
                        .extracting(CallReport::code)
                        .isEqualTo(Status.Code.CANCELLED);
            }
            assertThat(reports).isEmpty();
        }
    }

    /** A batch that needs more requests than were sent. */
    @Test
    void sendsNothingMoreOfABatch() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (TestServers servers = TestServers.start(1)) {
            FakeServer fake = servers.get(0).fake;
            CountDownLatch asked = new CountDownLatch(1);
            fake.batchGet = request -> {
                asked.countDown();
                awaitUninterruptibly(closed);
                return fake.answer(request);
            };
            PenstockClient client = servers.client().build();
            List<String> keys = IntStream.range(0, 5_000).mapToObj(i -> "k" + i).toList();
            CompletableFuture<?> batch = client.batchGetAsync(DATASET, keys);
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> closing = CompletableFuture.runAsync(client::close);
            assertThatThrownBy(() -> readUntilRefused(client)).isInstanceOf(IllegalStateException.class);
            closed.countDown();
            assertCutOff(batch, "BatchGet of orders.v1: CANCELLED: the client was closed");
            closing.get(20, TimeUnit.SECONDS);
        }
    }

    private static void assertCutOff(CompletableFuture<?> read, String message) {
        assertThatThrownBy(() -> read.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOf(PenstockException.class)
                .hasMessage(message);
    }

    @Test
    void refusesEveryCallThatBeginsLater() {
        try (TestServers servers = TestServers.start(1)) {
            PenstockClient client = servers.client().build();
            Session session = client.session();
            client.close();
            List<ThrowingCallable> calls = List.of(
                    () -> client.get(DATASET, "a"),
                    () -> client.getAsync(DATASET, "a"),
                    () -> client.batchGet(DATASET, List.of("a")),
                    () -> client.batchGetAsync(DATASET, List.of("a")),
                    () -> session.get(DATASET, "a"),
                    () -> client.withDeadline(Duration.ofSeconds(1)).get(DATASET, "a"),
                    client::listDatasets,
                    () -> client.getDataset(DATASET),
                    () -> client.getContract(DATASET),
                    () -> client.awaitReady(Duration.ofSeconds(1)),
                    () -> client.watch(List.of(), new Ignoring()));
            for (ThrowingCallable call : calls) {
                assertThatThrownBy(call)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("client: closed (expected: open for as long as it is used)");
            }
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** gRPC's threads are shared by all channels of the process, so what counts is that clients do not add to them. */
    @Test
    void addsNoThreadsHoweverManyClientsThereWere() throws Exception {
        try (TestServers servers = TestServers.start(2)) {
            useClients(servers, 5);
            Set<Thread> before = grpcThreads();
            useClients(servers, 25);
            Set<Thread> added = grpcThreads();
            added.removeAll(before);
            assertThat(added).as("threads of 25 clients that were closed").hasSizeLessThan(10);
        }
    }

    private static void useClients(TestServers servers, int clients) throws Exception {
        for (int i = 0; i < clients; i++) {
            try (PenstockClient client = servers.client()
                    .hedging(Hedging.after(Duration.ofMillis(1)))
                    .build()) {
                client.get(DATASET, "a");
                client.getAsync(DATASET, "a").get(20, TimeUnit.SECONDS);
            }
        }
    }

    private static Set<Thread> grpcThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("grpc-"))
                .collect(Collectors.toSet());
    }

    private static final class Ignoring implements DatasetListener {
        @Override
        public void onDatasets(List<Dataset> datasets) {}

        @Override
        public void onEnd(Optional<PenstockException> failure) {}
    }
}
