package io.penstock.client;

import static io.penstock.client.TestServers.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.penstock.serving.v1.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SeveralServersTest {
    private final TestServers servers = TestServers.start(3);
    private final PenstockClient client = servers.client().build();

    @AfterEach
    void close() {
        client.close();
        servers.close();
    }

    @Test
    void asksAllOfThem() {
        servers.awaitAsked(client, servers.get(0), servers.get(1), servers.get(2));
    }

    @Test
    void asksAServerNoMoreThatSaysItIsEnding() {
        servers.awaitAsked(client, servers.get(0), servers.get(1), servers.get(2));
        servers.get(1).says(ServingStatus.NOT_SERVING);
        awaitQuiet(servers.get(1));
        servers.get(1).says(ServingStatus.SERVING);
        servers.awaitAsked(client, servers.get(1));
    }

    /** Reads until a server is not asked any more. */
    private void awaitQuiet(TestServers.One server) {
        int asked;
        do {
            asked = server.gets();
            for (int i = 0; i < 30; i++) {
                client.get(DATASET, "a");
            }
        } while (server.gets() != asked);
    }

    @Test
    void failsNoReadWhenAServerDiesAndFindsItAgain() {
        servers.awaitAsked(client, servers.get(0), servers.get(1), servers.get(2));
        servers.get(0).kill();
        for (int i = 0; i < 100; i++) {
            assertThat(client.get(DATASET, "a").outcome()).isEqualTo(Outcome.FOUND);
        }
        servers.get(0).restart();
        servers.awaitAsked(client, servers.get(0));
    }

    @Test
    void triesAReadThatOneServerCannotAnswerOnTheOthers() {
        servers.awaitAsked(client, servers.get(0), servers.get(1), servers.get(2));
        for (int bad = 0; bad < 2; bad++) {
            servers.get(bad).fake.get = request -> {
                throw FakeServer.failure(Status.UNAVAILABLE, Reason.REASON_STORE_UNREACHABLE);
            };
        }
        for (int i = 0; i < 50; i++) {
            int before = servers.get(0).gets() + servers.get(1).gets();
            assertThat(client.get(DATASET, "a").outcome()).isEqualTo(Outcome.FOUND);
            assertThat(servers.get(0).gets() + servers.get(1).gets() - before)
                    .as("no server is asked twice while there are others")
                    .isLessThanOrEqualTo(2);
        }
    }

    @Test
    void keepsASessionsPromiseWhenOneServerLags() {
        servers.awaitAsked(client, servers.get(0), servers.get(1), servers.get(2));
        servers.get(0).fake.serve(DATASET, 2);
        servers.get(2).fake.serve(DATASET, 2);
        Session session = client.session();
        long highest = 0;
        for (int i = 0; i < 60; i++) {
            long revision = session.get(DATASET, "a").revision();
            assertThat(revision).isGreaterThanOrEqualTo(highest);
            highest = revision;
        }
        assertThat(highest).isEqualTo(2);
    }

    @Test
    void asksAnotherServerWhenOneCannotAnswerForADatasetOfABatch() throws Exception {
        servers.awaitAsked(client, servers.get(0), servers.get(1), servers.get(2));
        servers.get(0).fake.serve(DATASET, 2);
        ReadOptions newest = ReadOptions.none().withMinRevision(2);
        List<String> few = List.of("a", "b");
        List<String> many = IntStream.range(0, 3_000).mapToObj(i -> "k" + i).toList();
        for (int i = 0; i < 3; i++) {
            assertThat(client.batchGet(DATASET, few, newest).lookups()).hasSize(2);
        }
        assertThat(client.batchGetAsync(DatasetBinding.bytes(DATASET), many, newest)
                        .get(20, TimeUnit.SECONDS)
                        .lookups())
                .hasSize(3_000)
                .allMatch(lookup -> lookup.revision() == 2);
    }

    @Test
    void sendsTheLaterRequestsOfABatchToTheServerOfTheFirst() {
        servers.awaitAsked(client, servers.get(0), servers.get(1), servers.get(2));
        List<String> many = IntStream.range(0, 3_000).mapToObj(i -> "k" + i).toList();
        client.batchGet(DATASET, many);
        assertThat(IntStream.range(0, 3).map(i -> servers.get(i).fake.batches.size()))
                .containsExactlyInAnyOrder(0, 0, 3);
    }

    @Test
    void doesNotAskAgainWhenThereIsTooMuchAlready() {
        servers.awaitAsked(client, servers.get(0), servers.get(1), servers.get(2));
        for (int i = 0; i < 3; i++) {
            servers.get(i).fake.get = request -> {
                throw FakeServer.failure(Status.RESOURCE_EXHAUSTED, Reason.REASON_OVERLOADED);
            };
        }
        int before = asked();
        assertThatThrownBy(() -> client.get(DATASET, "a")).hasMessageContaining("RESOURCE_EXHAUSTED (OVERLOADED)");
        assertThat(asked() - before).isEqualTo(1);
    }

    @Test
    void retriesNoMoreThanItsBudgetWhenNothingWorks() {
        servers.awaitAsked(client, servers.get(0), servers.get(1), servers.get(2));
        for (int i = 0; i < 3; i++) {
            servers.get(i).fake.get = request -> {
                throw FakeServer.failure(Status.UNAVAILABLE, Reason.REASON_STORE_UNREACHABLE);
            };
        }
        int before = asked();
        int reads = 700;
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < reads; i++) {
            all.add(client.getAsync(DATASET, "a"));
        }
        for (CompletableFuture<?> read : all) {
            assertThatThrownBy(() -> read.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(UnavailableException.class);
        }
        assertThat(asked() - before).as("a burst, and then nothing extra").isLessThanOrEqualTo(reads + 500);
    }

    private int asked() {
        return servers.get(0).gets() + servers.get(1).gets() + servers.get(2).gets();
    }
}
