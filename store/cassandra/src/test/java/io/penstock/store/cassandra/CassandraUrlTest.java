package io.penstock.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.store.StoreException;
import io.penstock.store.StoreUrl;
import io.penstock.store.cassandra.connection.CassandraConfig;
import io.penstock.store.cassandra.connection.CassandraConfig.Contact;
import io.penstock.store.cassandra.connection.CassandraConfig.Login;
import io.penstock.store.cassandra.connection.CassandraConfig.Tls;
import io.penstock.store.cassandra.schema.Replication;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CassandraUrlTest {
    @Test
    void theDefaults() {
        assertThat(parse("cassandra://localhost/penstock"))
                .isEqualTo(new CassandraConfig(
                        "cassandra://localhost:9042/penstock",
                        List.of(new Contact("localhost", 9042)),
                        "penstock",
                        null,
                        null,
                        Login.NONE,
                        null,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(20),
                        16_384));
    }

    @Test
    void everyPartIsTaken() {
        assertThat(parse("cassandra://ann:p%40ss%2Fword+1@a,b:7000,[::1]:7001/ks_1?dc=east&replication=east:3,west:2"
                        + "&tls=true&tls_ca=/ca.pem&tls_cert=/c.pem&tls_key=/k.pem&tls_verify=ca&timeout=500ms"
                        + "&write_timeout=3s&hedge_after=0ms&pending_reads=100"))
                .isEqualTo(new CassandraConfig(
                        "cassandra://***@a:7001,b:7000,[::1]:7001/ks_1?dc=east&hedge_after=0ms&pending_reads=100"
                                + "&replication=east:3,west:2&timeout=500ms&tls=true&tls_ca=/ca.pem&tls_cert=/c.pem"
                                + "&tls_key=/k.pem&tls_verify=ca&write_timeout=3s",
                        List.of(new Contact("a", 7001), new Contact("b", 7000), new Contact("::1", 7001)),
                        "ks_1",
                        "east",
                        new Replication(Map.of("east", 3, "west", 2)),
                        new Login("ann", "p@ss/word+1"),
                        new Tls(Path.of("/ca.pem"), Path.of("/c.pem"), Path.of("/k.pem"), false),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(3),
                        Duration.ZERO,
                        100));
    }

    @Test
    void theLoginMayComeFromTheEnvironment() {
        CassandraConfig config = CassandraUrl.parse(
                StoreUrl.parse("cassandra://a/b"),
                Map.of("PENSTOCK_CASSANDRA_USER", "ann", "PENSTOCK_CASSANDRA_PASSWORD", "secret"));
        assertThat(config.login()).isEqualTo(new Login("ann", "secret"));
        assertThat(config.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cassandra://host                          | no host or no keyspace
            cassandra:host/ks                         | no host or no keyspace
            cassandra:///ks                           | no host or no keyspace
            cassandra://h ost/ks                      | host 'h ost'
            cassandra://host:70000/ks                 | port 70000 (expected: 1 to 65535)
            cassandra://host/Ks                       | keyspace 'Ks' (expected:
            cassandra://host/ks?replication=0         | replication: '0' (expected: 1 to 16 copies
            cassandra://host/ks?replication=a:1,a:2   | replication: 'a:1,a:2' (expected:
            cassandra://host/ks?replication=3,a:1     | replication: '3,a:1' (expected:
            cassandra://host/ks?timeout=1             | timeout: '1' (expected: 100ms to 60s
            cassandra://host/ks?hedge_after=61s       | hedge_after: '61s' (expected: 0ms to 60s
            cassandra://host/ks?pending_reads=3       | pending_reads: '3' (expected: 16 to 1048576)
            cassandra://host/ks?tls_ca=x              | tls_ca: only with tls=true
            cassandra://host/ks?tls=true&tls_key=x    | only one of tls_cert and tls_key
            cassandra://ann@host/ks                   | only one of user and password
            cassandra://host/ks?misspelt=1            | misspelt
            """)
    void whatMakesNoSenseIsRefused(String url, String message) {
        assertThatThrownBy(() -> parse(url))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.INVALID_URL))
                .hasMessageContaining(message);
    }

    private static CassandraConfig parse(String url) {
        return CassandraUrl.parse(StoreUrl.parse(url), Map.of());
    }
}
