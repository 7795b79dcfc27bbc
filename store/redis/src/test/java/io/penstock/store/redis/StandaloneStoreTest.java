package io.penstock.store.redis;

import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.presence.PresenceCodec;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.StoreConformanceTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class StandaloneStoreTest extends StoreConformanceTest {
    @SuppressWarnings("NullAway.Init") // set before every test
    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    public Store open() {
        return Stores.open(url(), true);
    }

    @Override
    public String url() {
        return server.url();
    }

    @Override
    protected void destroy() {
        server.command("FLUSHALL");
    }

    @Override
    public void damagePresence(String namespace, String id) {
        server.command("SETRANGE", PresenceCodec.keyName(namespace, id), "5", "?");
    }
}
