package io.penstock.store.redis.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.Stores;
import io.penstock.store.redis.servers.RedisCluster;
import io.penstock.store.redis.servers.RedisServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisHealthBehaviourTest {
    @Test
    void refusesAnyPolicyThatEvicts() {
        for (String policy : new String[] {"allkeys-lru", "volatile-ttl"}) {
            try (RedisServer server = RedisServer.start("maxmemory-policy " + policy);
                    Store store = Stores.open(server.url(), true)) {
                assertThatThrownBy(store::checkHealth)
                        .isInstanceOfSatisfying(
                                StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.UNSAFE))
                        .hasMessage("Redis server 127.0.0.1:" + server.port() + ": maxmemory-policy is '" + policy
                                + "' (expected: noeviction); with any other it may drop rows when its memory is full;"
                                + " set it on every server, replicas too");
            }
        }
    }

    @Test
    void refusesAClusterOfWhichOneNodeEvicts() {
        try (RedisCluster cluster = RedisCluster.start();
                Store store = Stores.open(cluster.url(), true)) {
            store.checkHealth();
            cluster.node(2).command("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
            assertThatThrownBy(store::checkHealth)
                    .hasMessageStartingWith("Redis server " + cluster.node(2).address());
        }
    }

    @Test
    void needsNoPermissionToReadTheConfiguration() {
        try (RedisServer server = RedisServer.start(
                        "user careful on >secret ~penstock:* resetchannels &penstock:* +@all -config");
                Store store = Stores.open("redis://careful:secret@127.0.0.1:" + server.port(), true)) {
            store.checkHealth();
            assertThat(store.headroom().usedBytes()).isPositive();
        }
    }

    @Test
    void refusesToTrustAServerItMayNotLookAt() {
        try (RedisServer server =
                        RedisServer.start("user blind on >secret ~penstock:* resetchannels &penstock:* +@all -info");
                Store store = Stores.open("redis://blind:secret@127.0.0.1:" + server.port(), true)) {
            assertThatThrownBy(store::checkHealth)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.UNSAFE))
                    .hasMessageEndingWith(
                            "its user may not run INFO, so nobody can tell whether it evicts rows; grant +info");
        }
    }

    @Test
    void headroomIsUnknownWithoutALimitAndElseWhatIsLeft() {
        try (RedisServer server = RedisServer.start();
                Store store = Stores.open(server.url(), true)) {
            assertThat(store.headroom().maxBytes()).isEqualTo(-1);
            server.command("CONFIG", "SET", "maxmemory", "64mb");
            assertThat(store.headroom().maxBytes()).isEqualTo(64 << 20);
            server.command("CONFIG", "SET", "maxmemory", "100kb");
            Headroom full = store.headroom();
            assertThat(full.maxBytes()).isEqualTo(full.usedBytes());
            assertThat(full.fits(1)).isFalse();
        }
    }

    @Test
    void headroomOfAClusterIsWhatTheFullestServerLeaves() {
        try (RedisCluster cluster = RedisCluster.start("maxmemory 64mb");
                Store store = Stores.open(cluster.url(), true)) {
            Headroom even = store.headroom();
            assertThat(even.fits(150 << 20)).isTrue();
            cluster.node(0).command("CONFIG", "SET", "maxmemory", "20mb");
            Headroom uneven = store.headroom();
            assertThat(uneven.fits(40 << 20)).isTrue();
            assertThat(uneven.fits(60 << 20)).isFalse();
        }
    }

    @Test
    void deadServerIsUnreachable() {
        try (RedisServer server = RedisServer.start();
                Store store = Stores.open(server.url() + "?timeout=300ms", true)) {
            server.kill();
            assertThatThrownBy(store::checkHealth)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.UNREACHABLE));
        }
    }
}
