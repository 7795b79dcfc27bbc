package io.penstock.client;

import static io.penstock.client.TestServers.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
            } catch (UnavailableException e) {
                // It began a moment before the end.
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
}
