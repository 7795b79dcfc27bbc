package io.penstock.store.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.StoreException;
import io.penstock.store.StoreUrl;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CassandraUrlFuzzTest {
    @Test
    void isReadOrRefused() throws Exception {
        List<String> urls = List.of(
                "cassandra://ann:p%40ss%2Fword+1@[::1]:9042,two,three:9043/penstock?dc=east&replication=east:3,west:2"
                        + "&timeout=500ms&write_timeout=5s&hedge_after=0ms&pending_reads=100",
                "cassandra://one/ks?tls=true&tls_ca=/ca.pem&tls_cert=/c.pem&tls_key=/k.pem&tls_verify=ca&replication=3");
        Fuzz.text("Cassandra URL", urls, "%", "@", ",", "/", ":", "[", "]", "?", "=", "99999999999", "%00", "-")
                .run(5_000, text -> {
                    try {
                        var unused =
                                CassandraUrl.parse(StoreUrl.parse(new String(text, StandardCharsets.UTF_8)), Map.of());
                    } catch (StoreException e) {
                        assertThat(e.code()).isEqualTo(StoreException.Code.INVALID_URL);
                    }
                });
    }
}
