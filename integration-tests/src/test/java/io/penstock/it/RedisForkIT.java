package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.client.BatchRows;
import io.penstock.client.Lookup;
import io.penstock.client.Outcome;
import io.penstock.client.PenstockClient;
import io.penstock.publisher.Publication;
import io.penstock.publisher.Publisher;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.serving.view.CatalogStatus;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.redis.servers.RedisReplication;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A primary dies before its replica has the last commit: the server notices, and goes neither back nor wrong. */
class RedisForkIT {
    private static final TestData DATA = new TestData("forked", 500, 100, 60);
    private static final DatasetId DATASET = new DatasetId("forks", DATA.dataset());

    @Test
    void aFailoverThatLosesACommitIsHeldAsAFork() throws Exception {
        try (RedisReplication servers = RedisReplication.start(1);
                FaultProxy address =
                        FaultProxy.to("127.0.0.1", servers.primary().port());
                Store publishing = Stores.open(servers.url(), true);
                Store serving = Stores.open("redis://127.0.0.1:" + address.port() + "?timeout=1s", false)) {
            publish(publishing, 1); // its barrier waits for the replica
            servers.promote(0); // which gets nothing from here on
            try (ServingServer server = start(serving);
                    PenstockClient client = PenstockClient.builder("127.0.0.1:" + server.port())
                            .deadline(Duration.ofSeconds(10))
                            .build()) {
                publish(publishing, 2);
                Await.until("the second version is served", () -> stateOf(client, 0) == 2);

                address.moveTo("127.0.0.1", servers.replica(0).port());
                servers.primary().kill();

                Await.until("the fork is noticed", () -> condition(server) == CatalogStatus.Condition.FORKED);
                assertThat(stateOf(client, 0)).as("a cached row").isEqualTo(2);
                assertNoRowGoesBack(client);
            }
        }
    }

    private static void assertNoRowGoesBack(PenstockClient client) {
        List<String> keys = IntStream.range(0, DATA.rows()).mapToObj(DATA::key).toList();
        BatchRows<ByteString> rows = client.batchGet(DATA.dataset(), keys);
        int failed = 0;
        for (int row = 0; row < keys.size(); row++) {
            Lookup<ByteString> lookup = rows.lookups().get(row);
            if (lookup.outcome() == Outcome.FAILED) {
                failed++;
            } else {
                assertThat(lookup.value().orElseThrow().toByteArray()).isEqualTo(DATA.value(row, 2));
            }
        }
        assertThat(failed).as("rows of buckets that only the dead primary had").isPositive();
    }

    private static long stateOf(PenstockClient client, int row) {
        Lookup<ByteString> lookup = client.get(DATA.dataset(), DATA.key(row));
        return DATA.stateIn(lookup.value().orElseThrow().toByteArray());
    }

    private static CatalogStatus.Condition condition(ServingServer server) {
        return Objects.requireNonNull(server.view().namespace(DATASET.namespace()))
                .catalog()
                .condition();
    }

    private static ServingServer start(Store store) throws InterruptedException {
        ServingServer server = ServingServer.start(
                ServingConfig.defaults()
                        .withStore(store.url())
                        .withNamespaces(List.of(DATASET.namespace()))
                        .withListen("127.0.0.1:0")
                        .withHttp("127.0.0.1:0")
                        .with("warmup.duration", "0s"),
                store);
        assertThat(server.awaitReady(Duration.ofSeconds(30))).isTrue();
        return server;
    }

    private static void publish(Store store, long state) {
        try (Publisher publisher = Publisher.builder(store).build()) {
            publisher.publish(Publication.builder(DATASET.namespace(), DATA.contract(), DATA.source(state))
                    .build());
        }
    }
}
