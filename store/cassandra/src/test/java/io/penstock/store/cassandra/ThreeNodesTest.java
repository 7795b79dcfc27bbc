package io.penstock.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.cassandra.NettyReading.Answer;
import io.penstock.store.cassandra.servers.CassandraCluster;
import io.penstock.store.cassandra.servers.CassandraServer;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.testkit.Await;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Three nodes with a copy of everything each, of which one is killed, frozen or alone. It takes a minute and two gigabytes,
 * so it runs when asked for: see docs/stores/cassandra.md.
 */
@EnabledIfSystemProperty(named = "penstock.cassandra.nodes", matches = "3")
class ThreeNodesTest {
    private static final String NAMESPACE = "three";
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** What a busy machine may add to a deadline. */
    private static final Duration SLACK = Duration.ofMillis(700);

    @SuppressWarnings("NullAway.Init") // set before every test
    private static CassandraCluster cluster;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before every test
    private NettyReading reading;

    private final List<Blob> blobs = Blobs.blobs(200, 1_000);
    private final Random random = new Random(20261128);

    @BeforeAll
    static void start() {
        assumeTrue(
                CassandraServer.unavailable().isEmpty(),
                () -> CassandraServer.unavailable().orElse(""));
        cluster = CassandraCluster.start(3, "read_request_timeout: 500ms", "write_request_timeout: 1000ms");
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void open() {
        store = Stores.open(cluster.url("three_nodes") + "&timeout=1s&write_timeout=5s&hedge_after=30ms", true);
        Blobs.write(store, blobs);
        reading = new NettyReading(store);
        Await.until("three nodes are read from", () -> allFound(Consistency.STRONG));
    }

    @AfterEach
    void close() {
        reading.close();
        store.close();
    }

    @Test
    void aKilledNodeCostsNothingButTheReadsOnItsConnections() {
        List<Answer> meanwhile = new ArrayList<>();
        cluster.node(1).kill();
        readFor(Duration.ofSeconds(3), meanwhile);
        assertThat(meanwhile)
                .allMatch(answer -> answer.nanos() < TIMEOUT.plus(SLACK).toNanos());
        assertThat(meanwhile).as("no read may say that a blob is not there").noneMatch(Answer::isMissing);
        assertThat(meanwhile.stream().filter(Answer::isFound).count())
                .isGreaterThanOrEqualTo(meanwhile.size() * 95L / 100);
        writeMoveAndBeat();
        cluster.node(1).restart();
        Await.until("three nodes are read from", () -> allFound(Consistency.STRONG));
        writeMoveAndBeat();
    }

    @Test
    void aFrozenNodeIsHedgedAndThenLeftOut() {
        List<Answer> meanwhile = new ArrayList<>();
        cluster.node(2).stop();
        try {
            readFor(Duration.ofSeconds(5), meanwhile);
            assertThat(meanwhile)
                    .allMatch(answer -> answer.nanos() < TIMEOUT.plus(SLACK).toNanos());
            assertThat(meanwhile).noneMatch(Answer::isMissing);
            assertThat(meanwhile.stream().filter(Answer::isFound).count())
                    .isGreaterThanOrEqualTo(meanwhile.size() * 90L / 100);
            writeMoveAndBeat();
        } finally {
            cluster.node(2).resume();
        }
        Await.until("three nodes are read from", () -> allFound(Consistency.STRONG));
    }

    @Test
    void oneNodeAloneNeverSaysThatSomethingIsNotThere() {
        cluster.node(1).kill();
        cluster.node(2).kill();
        try {
            List<Answer> strong = new ArrayList<>();
            Await.until("a quorum is missed", () -> {
                strong.clear();
                strong.addAll(reading.read(Blobs.addresses(blobs), Consistency.STRONG));
                return strong.stream().noneMatch(Answer::isFound);
            });
            assertThat(strong).extracting(Answer::failure).containsOnly(Code.UNREACHABLE);
            assertThat(strong)
                    .allMatch(answer -> answer.nanos() < TIMEOUT.plus(SLACK).toNanos());
            Await.until("the copy that is left is read", () -> allFound(Consistency.NEAREST));
            assertThat(Await.failure(() -> store.catalog(NAMESPACE).read())).isEqualTo(Code.UNREACHABLE);
        } finally {
            cluster.node(1).restart();
            cluster.node(2).restart();
        }
        Await.until("three nodes are read from", () -> allFound(Consistency.STRONG));
        writeMoveAndBeat();
    }

    private boolean allFound(Consistency consistency) {
        return reading.read(Blobs.addresses(blobs), consistency).stream().allMatch(Answer::isFound);
    }

    private void readFor(Duration duration, List<Answer> answers) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - end < 0) {
            answers.addAll(reading.read(Blobs.addresses(blobs.subList(0, 50)), Consistency.STRONG));
        }
    }

    /** All that a publisher does. What is not confirmed at once may be tried again, as it would. */
    private void writeMoveAndBeat() {
        Await.until("blobs are written", () -> succeeds(() -> Blobs.write(store, blobs)));
        Await.until(
                "a record is there",
                () -> succeeds(() -> Await.stage(store.presence(NAMESPACE)
                        .put(PresenceRecord.newBuilder().setId("a").build(), Duration.ofSeconds(10)))));
        CatalogRegister register = store.catalog(NAMESPACE);
        Await.until("the catalog moves", () -> {
            @Nullable WriteId[] before = new WriteId[1];
            WriteId fresh = WriteId.random(random);
            return succeeds(() -> before[0] = present(register))
                    && Await.stage(register.compareAndSet(before[0], fresh.toBytes())) == CasResult.APPLIED
                    && fresh.equals(present(register));
        });
    }

    private static @Nullable WriteId present(CatalogRegister register) {
        return Await.stage(register.read())
                .map(value -> WriteId.of(ByteBuffer.wrap(value)))
                .orElse(null);
    }

    private static boolean succeeds(Runnable action) {
        try {
            action.run();
            return true;
        } catch (StoreException e) {
            return false;
        }
    }
}
