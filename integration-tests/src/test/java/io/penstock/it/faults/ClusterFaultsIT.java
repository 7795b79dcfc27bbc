package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.client.BatchRows;
import io.penstock.client.Lookup;
import io.penstock.client.PenstockClient;
import io.penstock.client.PenstockException;
import io.penstock.it.TestData;
import io.penstock.it.faults.Readers.Rows;
import io.penstock.serving.v1.Reason;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.redis.servers.RedisCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In a Redis Cluster slots move and a node dies under load. */
class ClusterFaultsIT {
    private static final TestData DATA = new TestData("clustered", 5_000, 50, 60);
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(4);
    private static final int SLOTS_MOVED = 10;

    @SuppressWarnings("NullAway.Init") // set before every test
    private RedisCluster cluster;

    @SuppressWarnings("NullAway.Init") // set before every test
    private PublishedData published;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Served served;

    @BeforeEach
    void serve() {
        cluster = RedisCluster.startWithReplicas(1);
        published = PublishedData.on(cluster.url(), DATA);
        published.publish(1);
        served = Served.start(cluster.url(), "cache.max_bytes=0");
    }

    @AfterEach
    void stop() {
        served.close();
        published.close();
        cluster.close();
    }

    @Test
    void slotsThatMoveAreFollowed() throws Exception {
        long generation = published.audit().dataset(DATA.dataset()).getCurrent();
        Set<Integer> slots = new LinkedHashSet<>();
        slots.add(cluster.slot("penstock:{" + PublishedData.NAMESPACE + "}:catalog"));
        for (BlobAddress bucket : published.audit().buckets(published.id(), generation)) {
            slots.add(cluster.slot(bucket.keyName()));
            if (slots.size() > SLOTS_MOVED) {
                break;
            }
        }
        try (Readers readers =
                Readers.start(published, Rows.among(0, DATA.rows()), 16, DEADLINE, PAUSE, served.newChannel())) {
            readers.during(Duration.ofMillis(500)).assertOnly(Tally.FOUND);
            for (int slot : slots) {
                int to = (cluster.owner(slot) + 1) % 3;
                cluster.beginMove(slot, to);
                readers.during(Duration.ofMillis(50)).assertOnly(Tally.FOUND);
                cluster.endMove(slot, to);
            }
            readers.during(Duration.ofMillis(500)).assertOnly(Tally.FOUND);
            published.publish(published.revision() + 1);
            readers.end().assertOnly(Tally.FOUND);
        }
        assertThat(Survey.of(published, served.newChannel()).values()).containsOnly(Tally.FOUND);
    }

    @Test
    void whileANodeIsDeadItsKeysFailAloneUntilItsReplicaHasTakenOver() throws Exception {
        try (PenstockClient client = PenstockClient.builder(
                        "127.0.0.1:" + served.server().port())
                .deadline(DEADLINE)
                .build()) {
            List<Integer> rows = new ArrayList<>();
            for (int row = 0; row < DATA.rows(); row += 25) {
                rows.add(row);
            }
            assertThat(failedOf(client, rows)).isZero();
            int dead = cluster.owner(0);
            cluster.node(dead).kill();
            long killedNanos = System.nanoTime();
            Duration until = Duration.ZERO;
            int batches = 0;
            int partial = 0;
            for (int calm = 0; calm < 20; ) {
                int failed = failedOf(client, rows);
                batches++;
                partial += failed > 0 && failed < rows.size() ? 1 : 0;
                calm = failed == 0 ? calm + 1 : 0;
                until = failed == 0 ? until : Duration.ofNanos(System.nanoTime() - killedNanos);
                assertThat(until).as("since the node died, still failing").isLessThan(Duration.ofSeconds(30));
            }
            assertThat(partial)
                    .as("of " + batches + " batches, those with right rows and failed ones")
                    .isPositive();
            Measured.atMost(
                    "cluster node killed: every row again", until, Duration.ofSeconds(5), Duration.ofSeconds(12));
            assertThat(Survey.of(published, served.newChannel()).values()).containsOnly(Tally.FOUND);
        }
    }

    /** Asks for rows in one batch; returns how many failed. What did not is right. */
    private int failedOf(PenstockClient client, List<Integer> rows) {
        BatchRows<ByteString> answer =
                client.batchGet(DATA.dataset(), rows.stream().map(DATA::key).toList());
        int failed = 0;
        for (int i = 0; i < rows.size(); i++) {
            Lookup<ByteString> lookup = answer.lookups().get(i);
            PenstockException failure = lookup.failure().orElse(null);
            if (failure != null) {
                assertThat(failure.reason()).isIn(Reason.REASON_STORE_UNREACHABLE, Reason.REASON_DEADLINE_EXCEEDED);
                failed++;
            } else {
                assertThat(lookup.value().orElseThrow().toByteArray())
                        .isEqualTo(published.value(rows.get(i), answer.revision()));
            }
        }
        return failed;
    }
}
