package io.penstock.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.Store;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.redis.NettyReading.Answer;
import io.penstock.store.redis.servers.RedisCluster;
import io.penstock.store.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster whose slots move and whose nodes die. */
class ClusterBehaviourTest {
    @SuppressWarnings("NullAway.Init") // set before every test
    private RedisCluster cluster;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Store store;

    @SuppressWarnings("NullAway.Init") // set before every test
    private NettyReading reading;

    private final List<Blob> blobs = Blobs.blobs(300, 100);

    @BeforeEach
    void start() {
        cluster = RedisCluster.startWithReplicas(1);
        store = Stores.open(cluster.url() + "?timeout=500ms", true);
        Blobs.write(store, blobs);
        reading = new NettyReading(store);
        assertRight(readAll());
    }

    @AfterEach
    void end() {
        reading.close();
        store.close();
        cluster.close();
    }

    @Test
    void readsSpreadOverTheNodes() {
        for (int i = 0; i < 3; i++) {
            cluster.node(i).command("CONFIG", "RESETSTAT");
        }
        assertRight(readAll());
        for (int i = 0; i < 3; i++) {
            assertThat(cluster.node(i).command("INFO", "commandstats")).contains("cmdstat_get:");
        }
    }

    @Test
    void movedSlotIsFollowed() {
        int slot = cluster.slot(blobs.get(5).address().keyName());
        cluster.moveSlot(slot, (cluster.owner(slot) + 1) % 3);
        assertRight(readAll());
        Blob rewritten = blobs.get(5);
        Blobs.write(store, List.of(rewritten));
        assertThat(reading.read(rewritten.address()).value()).isEqualTo(rewritten.sealed());
    }

    @Test
    void slotOnItsWayIsAskedForWhereItIs() {
        Blob blob = blobs.get(5);
        int slot = cluster.slot(blob.address().keyName());
        int to = (cluster.owner(slot) + 1) % 3;
        cluster.beginMove(slot, to);
        assertRight(readAll());
        Blobs.write(store, List.of(blob));
        try (BlobWriter writer = store.openWriter()) {
            assertThat(Await.stage(writer.get(List.of(blob.address())))).containsExactly(blob.sealed());
            assertThat(Await.stage(writer.delete(List.of(blob.address())))).isEqualTo(1);
        }
        assertThat(reading.read(blob.address()).isMissing()).isTrue();
        cluster.endMove(slot, to);
        assertThat(reading.read(blobs.get(6).address()).isFound()).isTrue();
    }

    @Test
    void killedNodeFailsItsKeysOnlyAndItsReplicaTakesOverInFiveSeconds() {
        Set<Integer> lost = new TreeSet<>();
        for (int i = 0; i < blobs.size(); i++) {
            if (cluster.owner(cluster.slot(blobs.get(i).address().keyName())) == 1) {
                lost.add(i);
            }
        }
        cluster.node(1).kill();
        long killed = System.nanoTime();
        Await.until("the loss is noticed", () -> readAll().stream().anyMatch(answer -> answer.failure() != null));
        List<Answer> answers = readAll();
        for (int i = 0; i < answers.size(); i++) {
            if (!lost.contains(i) && answers.get(i).failure() == null) {
                assertThat(answers.get(i).value()).isEqualTo(blobs.get(i).sealed());
            } else {
                assertThat(answers.get(i).failure()).isIn(Code.UNREACHABLE, null);
            }
        }
        Await.until("every key is served", () -> readAll().stream().allMatch(Answer::isFound));
        assertThat(System.nanoTime() - killed).isLessThan(8_000_000_000L); // the cluster's own time-out is part of it
        assertRight(readAll());
    }

    @Test
    void replicasAnswerWeakReadsIfAskedTo() {
        try (Store fromReplicas = Stores.open(cluster.url() + "?read_from=replica", true);
                NettyReading weak = new NettyReading(fromReplicas)) {
            Await.until(
                    "the replicas have all",
                    () -> weak.read(Blobs.addresses(blobs), Consistency.NEAREST).stream()
                            .allMatch(Answer::isFound));
            for (int i = 0; i < 6; i++) {
                cluster.node(i).command("CONFIG", "RESETSTAT");
            }
            List<Answer> answers = weak.read(Blobs.addresses(blobs), Consistency.NEAREST);
            assertRight(answers);
            for (int i = 0; i < 3; i++) {
                assertThat(cluster.node(i).command("INFO", "commandstats")).doesNotContain("cmdstat_get:");
                assertThat(cluster.node(i + 3).command("INFO", "commandstats")).contains("cmdstat_get:");
            }
            assertRight(weak.read(Blobs.addresses(blobs), Consistency.STRONG));
            assertThat(cluster.node(0).command("INFO", "commandstats")).contains("cmdstat_get:");
        }
    }

    private List<Answer> readAll() {
        return reading.read(Blobs.addresses(blobs), Consistency.STRONG);
    }

    private void assertRight(List<Answer> answers) {
        List<byte[]> values = new ArrayList<>();
        answers.forEach(answer -> values.add(answer.value()));
        assertThat(values)
                .containsExactlyElementsOf(blobs.stream().map(Blob::sealed).toList());
    }
}
