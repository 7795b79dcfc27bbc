package io.penstock.client;

import static io.penstock.client.TestServers.DATASET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each message says what happened, to what, and what to do. */
@Timeout(120)
class WhatWentWrongTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private static Path directory;

    @BeforeAll
    static void writeCertificates() throws Exception {
        Certificates.write(directory, "server", "dns:localhost,ip:127.0.0.1");
        Certificates.write(directory, "elsewhere", "dns:elsewhere.test");
        Certificates.write(directory, "client", "dns:client.test");
    }

    private static PenstockClientBuilder client(String target) {
        return PenstockClient.builder(target).deadline(Duration.ofSeconds(20));
    }

    private static PenstockException failure(PenstockClientBuilder builder) {
        try (PenstockClient client = builder.build()) {
            return catchThrowableOfType(PenstockException.class, () -> client.get(DATASET, "a"));
        }
    }

    private static TestServers.One tlsServer(String name) throws Exception {
        return new TestServers.One(TlsServerCredentials.create(
                directory.resolve(name + ".crt").toFile(),
                directory.resolve(name + ".key").toFile()));
    }

    private static ClientTls trusting(String name) {
        return ClientTls.ofAuthorities(directory.resolve(name + ".crt"));
    }

    private static int nobodysPort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void nothingListensThere() throws Exception {
        int port = nobodysPort();
        assertThat(failure(client("127.0.0.1:" + port)))
                .hasMessageStartingWith("Get of orders.v1: UNAVAILABLE: ")
                .hasMessageContaining("Connection refused")
                .hasMessageEndingWith("(127.0.0.1:" + port
                        + "): nothing listens there: start the server, or correct the target's host and port");
    }

    @Test
    void thereIsNoSuchHost() {
        assertThat(failure(client("no-such-host.invalid:7070")))
                .hasMessageContaining("no-such-host.invalid")
                .hasMessageEndingWith(
                        "(no-such-host.invalid:7070): no such host: correct the target, or the name service");
    }

    @Test
    void noneOfSeveralServersIsThere() throws Exception {
        String target = "127.0.0.1:" + nobodysPort() + ",127.0.0.1:" + nobodysPort();
        assertThat(failure(client(target)))
                .hasMessageContaining("Connection refused")
                .hasMessageContaining("(" + target + "): nothing listens there");
    }

    @Test
    void thatPortSpeaksHttp1() throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        try {
            assertThat(failure(client("127.0.0.1:" + http.getAddress().getPort())))
                    .hasMessageEndingWith("that port speaks HTTP/1: give the server's gRPC port"
                            + " (7070 unless set otherwise; 7071 is for metrics)");
        } finally {
            http.stop(0);
        }
    }

    @Test
    void theServerExpectsTls() throws Exception {
        try (TestServers.One server = tlsServer("server")) {
            assertThat(failure(client(server.address())))
                    .hasMessageContaining("(" + server.address() + "): ")
                    .hasMessageContaining("TLS");
        }
    }

    @Test
    void theServerDoesNotSpeakTls() {
        try (TestServers servers = TestServers.start(1)) {
            assertThat(failure(client(servers.target()).tls(ClientTls.ofJvm())))
                    .hasMessageEndingWith(
                            "(" + servers.target()
                                    + "): the server does not speak TLS: leave tls(...) out, or set its tls.certificate and tls.key");
        }
    }

    @Test
    void theServersCertificateIsNotTrusted() throws Exception {
        try (TestServers.One server = tlsServer("server")) {
            assertThat(failure(client(server.address()).tls(ClientTls.ofJvm())))
                    .hasMessageEndingWith(
                            "the server's certificate is not trusted: give its authority with ClientTls.ofAuthorities");
        }
    }

    @Test
    void theServersCertificateIsForAnotherName() throws Exception {
        try (TestServers.One server = tlsServer("elsewhere")) {
            assertThat(failure(client(server.address()).tls(trusting("elsewhere"))))
                    .hasMessageEndingWith(
                            "the server's certificate is for another name: correct the target, or give ClientTls.withServerName");
            try (PenstockClient client = client(server.address())
                    .tls(trusting("elsewhere").withServerName("elsewhere.test"))
                    .build()) {
                assertThat(client.get(DATASET, "a").outcome()).isEqualTo(Outcome.FOUND);
            }
        }
    }

    @Test
    void theServerWantsTheClientsCertificate() throws Exception {
        TlsServerCredentials.Builder mutual = TlsServerCredentials.newBuilder()
                .keyManager(
                        directory.resolve("server.crt").toFile(),
                        directory.resolve("server.key").toFile())
                .trustManager(directory.resolve("client.crt").toFile())
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
        try (TestServers.One server = new TestServers.One(mutual.build())) {
            assertThat(failure(client(server.address()).tls(trusting("server"))))
                    .hasMessageContaining("certificate");
            ClientTls identified =
                    trusting("server").withIdentity(directory.resolve("client.crt"), directory.resolve("client.key"));
            try (PenstockClient client =
                    client(server.address()).tls(identified).build()) {
                assertThat(client.get(DATASET, "a").outcome()).isEqualTo(Outcome.FOUND);
            }
        }
    }

    @Test
    void severalServersHaveACertificateEach() throws Exception {
        try (TestServers.One one = tlsServer("server");
                TestServers.One other = tlsServer("server");
                PenstockClient client = client("localhost:" + one.port() + ",127.0.0.1:" + other.port())
                        .tls(trusting("server"))
                        .build()) {
            while (one.gets() == 0 || other.gets() == 0) {
                assertThat(client.get(DATASET, "a").outcome()).isEqualTo(Outcome.FOUND);
            }
        }
    }

    @Test
    void aFileOfTlsIsNotThere() {
        PenstockClientBuilder builder =
                client("localhost:7070").tls(ClientTls.ofAuthorities(directory.resolve("none.crt")));
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tls: authorities: " + directory.resolve("none.crt")
                        + ": cannot be read (expected: a PEM file): ");
    }

    @Test
    void theServerIsNotPenstocks() throws Exception {
        Server other = Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                .build()
                .start();
        try (PenstockClient client = client("localhost:" + other.getPort()).build()) {
            assertThatThrownBy(() -> client.get(DATASET, "a"))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageEndingWith("(localhost:" + other.getPort() + "): the server does not know this call:"
                            + " is it a Penstock server, and no older than this client?");
        } finally {
            other.shutdownNow();
            assertThat(other.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theServerTakesNoReads() {
        try (TestServers servers = TestServers.start(1)) {
            servers.get(0).says(ServingStatus.NOT_SERVING);
            assertThat(failure(client(servers.target())))
                    .hasMessageEndingWith("the server is there and takes no reads: it is starting, ending, or cannot"
                            + " confirm its catalog");
            try (PenstockClient tool =
                    client(servers.target()).healthChecks(false).build()) {
                assertThat(tool.get(DATASET, "a").outcome()).isEqualTo(Outcome.FOUND);
            }
        }
    }

    @Test
    void noAnswerCameInTime() {
        try (TestServers servers = TestServers.start(1);
                PenstockClient client = client(servers.target()).build()) {
            client.get(DATASET, "a");
            servers.get(0).fake.get = request -> null;
            assertThatThrownBy(() -> client.withDeadline(Duration.ofMillis(50)).get(DATASET, "a"))
                    .isInstanceOfSatisfying(
                            UnavailableException.class,
                            e -> assertThat(e.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED))
                    .hasMessageEndingWith("(" + servers.target() + "): no answer in time: give the read more"
                            + " (withDeadline), or find out why the server is slow");
        }
    }

    @Test
    void nobodyAnsweredWhileTheClientWaitedForAServer() throws Exception {
        int port = nobodysPort();
        try (PenstockClient client = client("127.0.0.1:" + port).build()) {
            assertThatThrownBy(() -> client.awaitReady(Duration.ofMillis(200)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageStartingWith("awaitReady: UNAVAILABLE: ")
                    .hasMessageContaining("(127.0.0.1:" + port + "): nothing listens there");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:",
                "localhost:0",
                "localhost:70700",
                "a:1,,b:2",
                "a:1,b",
                "",
                "http://a:1"
            })
    void theTargetIsNone(String target) {
        assertThatThrownBy(() -> PenstockClient.builder(target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("target: '" + target + "' (expected: host:port, a list of them such as a:7070,b:7070, or a"
                        + " name for gRPC such as dns:///penstock:7070)");
    }
}
