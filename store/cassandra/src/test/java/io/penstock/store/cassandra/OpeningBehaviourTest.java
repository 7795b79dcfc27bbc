package io.penstock.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.cassandra.servers.CassandraServer;
import io.penstock.store.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is made, what is refused, and what is unsafe. */
class OpeningBehaviourTest {
    private static final String KEYSPACE = "opening";

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

    @AfterEach
    void drop() {
        cql.execute("DROP KEYSPACE IF EXISTS " + KEYSPACE);
    }

    @Test
    void keyspaceAndTablesAreMadeOnceAndOnlyByWhoMay() {
        assertRefused(url("&replication=1"), false, Code.NOT_FOUND, "no keyspace opening; run 'penstock store init'");
        assertRefused(url(""), true, Code.NOT_FOUND, "with replication=N in the URL");
        Stores.open(url("&replication=1"), true).close();
        Stores.open(url("&replication=1"), true).close();
        try (Store store = Stores.open(url(""), false)) {
            store.checkHealth();
            assertThat(store.url()).startsWith("cassandra://127.0.0.1:").contains("/opening?dc=datacenter1");
        }
        assertThat(cql.execute("SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = '" + KEYSPACE
                                + "'")
                        .one()
                        .getMap(0, String.class, String.class))
                .containsEntry("datacenter1", "1")
                .containsEntry("class", "org.apache.cassandra.locator.NetworkTopologyStrategy");
    }

    /** Whoever's clock is ahead, by however much. */
    @Test
    void noClockDecidesWhetherADeleteTakesEffect() {
        List<Blob> blobs = Blobs.blobs(3, 100);
        try (Store store = Stores.open(url("&replication=1"), true)) {
            Blobs.write(store, blobs);
            assertThat(cql.execute("SELECT WRITETIME(value) FROM " + KEYSPACE + ".blobs"))
                    .extracting(row -> row.getLong(0))
                    .containsExactly(1L, 1L, 1L);
            try (BlobWriter writer = store.openWriter()) {
                Await.stage(writer.delete(Blobs.addresses(blobs)));
            }
            Blobs.write(store, blobs); // by a publisher that slept
            assertThat(cql.execute("SELECT key FROM " + KEYSPACE + ".blobs")).isEmpty();
        }
    }

    @Test
    void anotherReplicationThanTheUrlsIsRefused() {
        Stores.open(url("&replication=1"), true).close();
        assertRefused(
                url("&replication=3"),
                true,
                Code.INVALID_URL,
                "is there with replication datacenter1:1 (expected, by the URL: datacenter1:3)");
    }

    @Test
    void tablesOfSomebodyElseAreRefused() {
        createKeyspace("");
        cql.execute("CREATE TABLE opening.blobs (id int PRIMARY KEY)");
        assertRefused(
                url(""), true, Code.INVALID_URL, "table blobs in keyspace opening has columns {id=INT} (expected:");
    }

    @Test
    void aKeyspaceThatForgetsIsUnsafe() {
        createKeyspace(" AND durable_writes = false");
        try (Store store = Stores.open(url(""), true)) {
            assertUnsafe(store, "durable_writes = false (expected: true)");
        }
    }

    @Test
    void blobsThatExpireAreUnsafe() {
        Stores.open(url("&replication=1"), true).close();
        cql.execute("ALTER TABLE opening.blobs WITH default_time_to_live = 60");
        try (Store store = Stores.open(url(""), true)) {
            assertUnsafe(store, "table blobs has default_time_to_live = 60 (expected: 0)");
        }
    }

    @Test
    void anUnknownDataCentreIsNamed() {
        assertRefused(
                CassandraServer.shared().url(KEYSPACE).replace("dc=datacenter1", "dc=elsewhere"),
                true,
                Code.INVALID_URL,
                "no data centre 'elsewhere' (expected: one of [datacenter1])");
    }

    @Test
    void theDataCentreMayBeLeftOut() {
        CassandraServer server = CassandraServer.shared();
        String url = "cassandra://" + server.host() + ":" + server.port() + "/" + KEYSPACE
                + "?replication=1&timeout=10s" + "&write_timeout=30s";
        try (Store store = Stores.open(url, true)) {
            store.checkHealth();
        }
    }

    @Test
    void nobodyThereIsUnreachable() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertRefused(
                "cassandra://127.0.0.1:" + port + "/opening?dc=datacenter1",
                true,
                Code.UNREACHABLE,
                "no node answers; check hosts, port and dc");
        assertRefused("cassandra://no-such-host.invalid/opening", true, Code.UNREACHABLE, "unknown host");
    }

    private static void createKeyspace(String options) {
        cql.execute("CREATE KEYSPACE opening WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}"
                + options);
    }

    private static String url(String options) {
        return CassandraServer.shared().url(KEYSPACE).replace("&replication=1", "") + options;
    }

    private static void assertRefused(String url, boolean create, Code code, String message) {
        assertThatThrownBy(() -> Stores.open(url, create).close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private static void assertUnsafe(Store store, String message) {
        assertThatThrownBy(store::checkHealth)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(Code.UNSAFE))
                .hasMessageContaining(message);
    }
}
