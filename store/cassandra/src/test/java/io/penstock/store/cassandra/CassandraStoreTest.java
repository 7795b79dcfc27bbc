package io.penstock.store.cassandra;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import io.penstock.store.cassandra.servers.CassandraServer;
import io.penstock.store.testkit.StoreConformanceTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class CassandraStoreTest extends StoreConformanceTest {
    @SuppressWarnings("NullAway.Init") // set before every test
    private static CqlSession cql;

    @BeforeAll
    static void connect() {
        assumeTrue(
                CassandraServer.unavailable().isEmpty(),
                () -> CassandraServer.unavailable().orElse(""));
        cql = Cql.connect(CassandraServer.shared());
    }

    @AfterAll
    static void disconnect() {
        if (cql != null) {
            cql.close();
        }
    }

    @Override
    public Store open() {
        return Stores.open(url(), true);
    }

    @Override
    public String url() {
        return CassandraServer.shared().url("conformance");
    }

    @Override
    protected void destroy() {
        for (String table : List.of("blobs", "catalog", "presence")) {
            cql.execute("TRUNCATE conformance." + table);
        }
    }

    @Override
    public void damagePresence(String namespace, String id) {
        cql.execute(
                "UPDATE conformance.presence SET value = 0x0102030405 WHERE namespace = ? AND id = ?", namespace, id);
    }
}
