package io.penstock.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.StoreUrl;
import io.penstock.store.blob.Blob;
import io.penstock.store.redis.servers.RedisCluster;
import io.penstock.store.redis.servers.RedisReplication;
import io.penstock.store.redis.servers.RedisSentinels;
import io.penstock.store.redis.servers.RedisServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a wrong URL says, and how soon. */
class OpeningBehaviourTest {
    @SuppressWarnings("NullAway.Init") // set before every test
    private static RedisServer server;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static RedisServer locked;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        locked = RedisServer.start("requirepass geheim");
    }

    @AfterAll
    static void end() {
        server.close();
        locked.close();
    }

    @Test
    void unknownHostIsNamed() {
        assertRefused("redis://no-such-host.invalid", Code.UNREACHABLE)
                .hasMessage("store redis://no-such-host.invalid:6379: Redis server no-such-host.invalid:6379: unknown"
                        + " host; check the URL");
    }

    @Test
    void portNobodyListensOnIsNamed() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertRefused("redis://127.0.0.1:" + port, Code.UNREACHABLE)
                .hasMessageStartingWith("store redis://127.0.0.1:" + port + ": Redis server 127.0.0.1:" + port
                        + ": nothing answers there: ")
                .hasMessageEndingWith("; check host and port");
    }

    @Test
    void whatIsNotARedisIsRecognised() throws IOException {
        try (ServerSocket socket = answering("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            assertRefused("redis://127.0.0.1:" + socket.getLocalPort(), Code.UNREACHABLE)
                    .hasMessageContaining("what answers there is not a Redis");
        }
    }

    @Test
    void silenceIsGivenUp() throws IOException {
        try (ServerSocket socket = answering("")) {
            assertRefused("redis://127.0.0.1:" + socket.getLocalPort() + "?timeout=300ms", Code.UNREACHABLE)
                    .hasMessageContaining("no connection within 300 ms");
        }
    }

    @Test
    void missingPasswordIsAskedFor() {
        assertRefused("redis://127.0.0.1:" + locked.port(), Code.INVALID_URL)
                .hasMessageContaining("it wants a password; put it into the URL or PENSTOCK_REDIS_PASSWORD");
    }

    @Test
    void wrongPasswordIsNamedButNotShown() {
        assertRefused("redis://:falsch@127.0.0.1:" + locked.port(), Code.INVALID_URL)
                .hasMessage("store redis://***@127.0.0.1:" + locked.port() + ": Redis server 127.0.0.1:" + locked.port()
                        + ": wrong user or password; check the URL, PENSTOCK_REDIS_USER and PENSTOCK_REDIS_PASSWORD");
    }

    @Test
    void passwordOpensFromTheUrlAndFromTheEnvironment() {
        try (Store fromUrl = open("redis://:geheim@127.0.0.1:" + locked.port(), Map.of());
                Store fromEnvironment =
                        open("redis://127.0.0.1:" + locked.port(), Map.of("PENSTOCK_REDIS_PASSWORD", "geheim"))) {
            fromUrl.checkHealth();
            fromEnvironment.checkHealth();
            assertThat(fromUrl.url()).doesNotContain("geheim");
        }
    }

    @Test
    void userOfAnAccessListOpens() {
        locked.command("ACL", "SETUSER", "ann", "on", ">pw", "~penstock:*", "&*", "+@all");
        try (Store store = open("redis://ann:pw@127.0.0.1:" + locked.port(), Map.of())) {
            Blobs.write(store, Blobs.blobs(3, 10));
        }
    }

    @Test
    void tlsToPlainTextIsRecognised() {
        assertRefused("redis://127.0.0.1:" + server.port() + "?tls=true&timeout=500ms", Code.UNREACHABLE)
                .hasMessageContaining("check that this port speaks TLS");
    }

    @Test
    void plainTextToTlsIsRecognised() throws SSLException {
        try (TlsProxy proxy = new TlsProxy(server.port(), false)) {
            assertRefused("redis://127.0.0.1:" + proxy.port() + "?timeout=500ms", Code.UNREACHABLE)
                    .hasMessageContaining("whether it needs tls=true");
        }
    }

    @Test
    void tlsWithTheRightAuthorityReadsAndWrites() throws SSLException {
        try (TlsProxy proxy = new TlsProxy(server.port(), true);
                Store store = open(
                        "redis://localhost:" + proxy.port() + "?tls=true&tls_ca=" + TlsProxy.certificate()
                                + "&tls_cert=" + TlsProxy.certificate() + "&tls_key=" + TlsProxy.key(),
                        Map.of());
                NettyReading reading = new NettyReading(store)) {
            Blob blob = Blobs.blob(1, 200_000);
            Blobs.write(store, List.of(blob));
            assertThat(reading.read(blob.address()).value()).isEqualTo(blob.sealed());
        }
    }

    @Test
    void tlsWithAnUnknownAuthorityIsRefused() throws SSLException {
        try (TlsProxy proxy = new TlsProxy(server.port(), false)) {
            assertRefused("redis://localhost:" + proxy.port() + "?tls=true", Code.UNREACHABLE)
                    .hasMessageContaining("TLS failed: ");
        }
    }

    @Test
    void unusableTlsFileIsRefused() {
        assertRefused("redis://localhost:1?tls=true&tls_ca=/no/such.pem", Code.INVALID_URL)
                .hasMessageContaining("tls_ca, tls_cert or tls_key is no readable PEM file");
    }

    @Test
    void clusterUrlToASingleServerIsRefused() {
        assertRefused("redis-cluster://127.0.0.1:" + server.port(), Code.INVALID_URL)
                .hasMessageEndingWith("it is not part of a cluster; use redis://");
    }

    @Test
    void plainUrlToAClusterIsRefused() {
        try (RedisCluster cluster = RedisCluster.start()) {
            assertRefused("redis://127.0.0.1:" + cluster.node(0).port(), Code.INVALID_URL)
                    .hasMessageEndingWith("it is part of a cluster; use redis-cluster://");
        }
    }

    @Test
    void replicaIsRefused() {
        try (RedisReplication replication = RedisReplication.start(1)) {
            assertRefused(replication.replica(0).url(), Code.INVALID_URL)
                    .hasMessageContaining("it is a replica, and writes need a primary");
        }
    }

    @Test
    void sentinelUrlsAreChecked() {
        assertRefused("redis-sentinel://127.0.0.1:" + server.port() + "/main", Code.INVALID_URL)
                .hasMessageContaining("it is not a Sentinel");
        try (RedisSentinels sentinels = RedisSentinels.start()) {
            int port = sentinels.sentinel(0).port();
            assertRefused("redis-sentinel://127.0.0.1:" + port + "/nobody", Code.INVALID_URL)
                    .hasMessageContaining("knows no primary named 'nobody'");
            assertRefused("redis://127.0.0.1:" + port, Code.INVALID_URL)
                    .hasMessageContaining("it is a Sentinel, not a server with data");
        }
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(String url, Code code) {
        long started = System.nanoTime();
        AbstractThrowableAssert<?, ? extends Throwable> refusal = assertThatThrownBy(() -> open(url, Map.of()))
                .isInstanceOfSatisfying(StoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                });
        assertThat(System.nanoTime() - started).isLessThan(10_000_000_000L);
        return refusal;
    }

    private static Store open(String url, Map<String, String> environment) {
        return RedisStore.open(RedisUrl.parse(StoreUrl.parse(url), environment));
    }

    /** Something that takes connections and says one thing to each. */
    private static ServerSocket answering(String text) throws IOException {
        ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket connection = socket.accept();
                    connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
        return socket;
    }
}
