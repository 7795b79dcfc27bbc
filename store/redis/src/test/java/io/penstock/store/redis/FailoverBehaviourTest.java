package io.penstock.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.Store;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.redis.NettyReading.Answer;
import io.penstock.store.redis.servers.RedisReplication;
import io.penstock.store.redis.servers.RedisSentinels;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replicas: promoted by Sentinels, or read from. */
class FailoverBehaviourTest {
    private final List<Blob> blobs = Blobs.blobs(50, 100);

    @Test
    void killedPrimaryIsReplacedByTheOneTheSentinelsPromote() {
        try (RedisSentinels sentinels = RedisSentinels.start();
                Store store = Stores.open(sentinels.url() + "?timeout=500ms", true);
                NettyReading reading = new NettyReading(store)) {
            Blobs.write(store, blobs);
            Await.until(
                    "the replica has all", () -> "50".equals(sentinels.replica().command("DBSIZE")));
            RedisServer old = sentinels.primary();
            old.kill();
            Await.until(
                    "the loss is noticed", () -> reading.read(Blobs.address(0)).failure() == Code.UNREACHABLE);
            sentinels.awaitPrimaryOtherThan(old);
            long promoted = System.nanoTime();
            Await.until(
                    "reads are answered", () -> reading.read(Blobs.address(0)).isFound());
            assertThat(System.nanoTime() - promoted).isLessThan(3_000_000_000L);
            assertThat(reading.read(Blobs.addresses(blobs), Consistency.STRONG)).allMatch(Answer::isFound);
            Blobs.write(store, List.of(Blobs.blob(99, 10)));
            assertThat(reading.read(Blobs.address(99)).isFound()).isTrue();
        }
    }

    @Test
    void primaryThatIsReplacedInGoodHealthIsLeft() {
        try (RedisSentinels sentinels = RedisSentinels.start();
                Store store = Stores.open(sentinels.url(), true);
                NettyReading reading = new NettyReading(store)) {
            Blobs.write(store, blobs);
            assertThat(reading.read(Blobs.address(0)).isFound()).isTrue();
            RedisServer now = sentinels.failover();
            Await.until("the new primary is asked", () -> {
                now.command("CONFIG", "RESETSTAT");
                Answer answer = reading.read(Blobs.address(0));
                return answer.failure() == null
                        && String.valueOf(now.command("INFO", "commandstats")).contains("cmdstat_get:");
            });
        }
    }

    @Test
    void weakReadsGoToTheReplicaAndStrongOnesToThePrimary() {
        try (RedisReplication replication = RedisReplication.start(1);
                Store store = Stores.open(replication.url() + "?read_from=replica&timeout=500ms", true);
                NettyReading reading = new NettyReading(store)) {
            Blobs.write(store, blobs);
            Await.until(
                    "the replica has all",
                    () -> reading.read(Blobs.addresses(blobs), Consistency.NEAREST).stream()
                            .allMatch(Answer::isFound));
            replication.promote(0); // it hears of nothing that is written from here on
            Blobs.write(store, List.of(Blobs.blob(99, 10)));
            assertThat(reading.read(Blobs.address(99)).isFound()).isTrue();
            replication.replica(0).kill();
            Await.until(
                    "weak reads go to the primary when there is no replica",
                    () -> reading.read(Blobs.addresses(blobs), Consistency.NEAREST).stream()
                            .allMatch(Answer::isFound));
        }
    }
}
