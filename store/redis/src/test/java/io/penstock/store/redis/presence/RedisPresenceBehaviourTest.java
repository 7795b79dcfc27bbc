package io.penstock.store.redis.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.Stores;
import io.penstock.store.presence.Presence;
import io.penstock.store.redis.servers.RedisCluster;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisPresenceBehaviourTest {
    private static final String NAMESPACE = "growth";
    private static final Duration LONG = Duration.ofMinutes(10);

    @Test
    void leavesNothingBehindWhenEverybodyIsGone() {
        try (RedisServer server = RedisServer.start();
                Store store = Stores.open(server.url(), true)) {
            Presence presence = store.presence(NAMESPACE);
            Await.stage(presence.put(record("a"), Duration.ofMillis(200)));
            Await.stage(presence.put(record("b"), Duration.ofMillis(300)));
            Await.until("the server has expired all", () -> "0".equals(server.command("DBSIZE")));
            assertThat(Await.stage(presence.list())).isEmpty();
        }
    }

    @Test
    void indexOutlivesTheRecordThatLastsLongest() {
        try (RedisServer server = RedisServer.start();
                Store store = Stores.open(server.url(), true)) {
            Presence presence = store.presence(NAMESPACE);
            Await.stage(presence.put(record("patient"), LONG));
            Await.stage(presence.put(record("hasty"), Duration.ofMillis(100)));
            Await.until(
                    "the hasty one is gone", () -> Await.stage(presence.list()).equals(List.of(record("patient"))));
            assertThat(Long.parseLong(String.valueOf(server.command("PTTL", "penstock:{growth}:presence"))))
                    .isGreaterThan(500_000);
        }
    }

    @Test
    void isWrittenWhileTheMemoryIsFull() {
        try (RedisServer server = RedisServer.start();
                Store store = Stores.open(server.url(), true)) {
            server.command("CONFIG", "SET", "maxmemory", "100kb");
            assertThatThrownBy(() -> server.command("SET", "a", "b")).hasMessageStartingWith("OOM");
            Presence presence = store.presence(NAMESPACE);
            Await.stage(presence.put(record("a"), LONG));
            assertThat(Await.stage(presence.list())).containsExactly(record("a"));
            Await.stage(presence.remove("a"));
            assertThat(Await.stage(presence.list())).isEmpty();
        }
    }

    @Test
    void isListedWhileItsSlotMoves() {
        try (RedisCluster cluster = RedisCluster.start();
                Store store = Stores.open(cluster.url(), true)) {
            Presence presence = store.presence(NAMESPACE);
            Await.stage(presence.put(record("a"), LONG));
            Await.stage(presence.put(record("b"), LONG));
            int slot = cluster.slot("penstock:{growth}:presence");
            int to = (cluster.owner(slot) + 1) % 3;
            cluster.beginMove(slot, to);
            assertThat(Await.stage(presence.list())).containsExactlyInAnyOrder(record("a"), record("b"));
            cluster.endMove(slot, to);
            Await.stage(presence.put(record("c"), LONG));
            assertThat(Await.stage(presence.list())).containsExactlyInAnyOrder(record("a"), record("b"), record("c"));
        }
    }

    @Test
    void frozenServerIsUnreachable() {
        try (RedisServer server = RedisServer.start();
                Store store = Stores.open(server.url() + "?timeout=200ms", true)) {
            server.stop();
            assertThat(Await.failure(() -> store.presence(NAMESPACE).list()))
                    .isEqualTo(StoreException.Code.UNREACHABLE);
            server.resume();
        }
    }

    private static PresenceRecord record(String id) {
        return PresenceRecord.newBuilder().setId(id).build();
    }
}
