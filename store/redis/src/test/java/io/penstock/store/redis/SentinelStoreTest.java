package io.penstock.store.redis;

import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.presence.PresenceCodec;
import io.penstock.store.redis.servers.RedisSentinels;
import io.penstock.store.testkit.StoreConformanceTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** With weak reads from the replica, so that those are tried too. */
class SentinelStoreTest extends StoreConformanceTest {
    @SuppressWarnings("NullAway.Init") // set before every test
    private static RedisSentinels sentinels;

    @BeforeAll
    static void start() {
        sentinels = RedisSentinels.start();
    }

    @AfterAll
    static void end() {
        sentinels.close();
    }

    @Override
    public Store open() {
        return Stores.open(url(), true);
    }

    @Override
    public String url() {
        return sentinels.url() + "?read_from=replica";
    }

    @Override
    protected void destroy() {
        sentinels.primary().command("FLUSHALL");
    }

    @Override
    public void damagePresence(String namespace, String id) {
        sentinels.primary().command("SETRANGE", PresenceCodec.keyName(namespace, id), "5", "?");
    }
}
