package io.penstock.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.Stores;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobReader.Consistency;
import io.penstock.store.cassandra.servers.CassandraServer;
import io.penstock.store.testkit.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that wants TLS and a login. */
class SecuredServerBehaviourTest {
    private static final String PASSWORD = "changeit";

    private static @Nullable CassandraServer server;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                CassandraServer.unavailable().isEmpty(),
                () -> CassandraServer.unavailable().orElse(""));
        Path keys = directory.resolve("node.p12");
        keytool(
                "-genkeypair",
                "-alias",
                "node",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=node",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                keys);
        keytool("-exportcert", "-rfc", "-alias", "node", "-file", directory.resolve("node.pem"), keys);
        server = CassandraServer.start(
                "authenticator: PasswordAuthenticator",
                "client_encryption_options: {enabled: true, optional: false, keystore: \"" + keys
                        + "\", keystore_password: " + PASSWORD + ", store_type: PKCS12}");
        Await.until("the first role is there", () -> {
            try {
                Stores.open(url("cassandra:cassandra@", "&replication=1" + trusted()), true)
                        .close();
                return true;
            } catch (StoreException e) {
                return false;
            }
        });
    }

    private static void keytool(Object... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        for (Object argument : List.of(arguments).subList(0, arguments.length - 1)) {
            command.add(argument.toString());
        }
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore"));
        command.add(arguments[arguments.length - 1].toString());
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.txt").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    private static String url(String login, String options) {
        CassandraServer node = Objects.requireNonNull(server);
        return "cassandra://" + login + node.host() + ":" + node.port() + "/secured?dc=datacenter1" + options;
    }

    private static String trusted() {
        return "&tls=true&tls_ca=" + directory.resolve("node.pem");
    }

    @Test
    void isWrittenAndReadThroughTls() {
        List<Blob> blobs = Blobs.blobs(20, 1_000);
        try (Store store = Stores.open(url("cassandra:cassandra@", trusted()), false);
                NettyReading reading = new NettyReading(store)) {
            Blobs.write(store, blobs);
            assertThat(reading.read(Blobs.addresses(blobs), Consistency.STRONG)).allMatch(NettyReading.Answer::isFound);
            assertThat(store.url()).doesNotContain("cassandra:cassandra");
        }
    }

    @Test
    void anotherPasswordIsRefused() {
        assertRefused("cassandra:wrong@", trusted(), Code.INVALID_URL, "it wants another user or password");
        assertRefused("", trusted(), Code.INVALID_URL, "it wants another user or password");
    }

    @Test
    void plainTextIsRefusedAndTheMessageNamesTls() {
        assertRefused("cassandra:cassandra@", "", Code.UNREACHABLE, "tls");
    }

    @Test
    void aCertificateOfNobodyWeTrustIsRefused() {
        assertRefused("cassandra:cassandra@", "&tls=true", Code.UNREACHABLE, "TLS failed");
    }

    private static void assertRefused(String login, String options, Code code, String message) {
        assertThatThrownBy(() -> Stores.open(url(login, options), false).close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message)
                .hasMessageNotContaining("wrong");
    }
}
