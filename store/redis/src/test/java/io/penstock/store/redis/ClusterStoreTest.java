package io.penstock.store.redis;

import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.presence.PresenceCodec;
import io.penstock.store.redis.servers.RedisCluster;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.StoreConformanceTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class ClusterStoreTest extends StoreConformanceTest {
    @SuppressWarnings("NullAway.Init") // set before every test
    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @Override
    public Store open() {
        return Stores.open(url(), true);
    }

    @Override
    public String url() {
        return cluster.url();
    }

    @Override
    protected void destroy() {
        cluster.nodes().forEach(node -> node.command("FLUSHALL"));
    }

    @Override
    public void damagePresence(String namespace, String id) {
        String key = PresenceCodec.keyName(namespace, id);
        RedisServer owner = cluster.node(cluster.owner(cluster.slot(key)));
        owner.command("SETRANGE", key, "5", "?");
    }
}
