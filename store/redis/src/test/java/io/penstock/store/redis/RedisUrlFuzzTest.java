package io.penstock.store.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.StoreException;
import io.penstock.store.StoreUrl;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisUrlFuzzTest {
    @Test
    void isReadOrRefused() throws Exception {
        List<String> urls = List.of(
                "redis://ann:p%40ss%2Fword+1@[::1]:7000/3?tls=true&tls_ca=/ca.pem&tls_verify=ca&timeout=500ms"
                        + "&read_from=replica&wait_replicas=2&pending_reads=100",
                "redis-sentinel://u:p@one:26379,two,three/primary?sentinel_password=x",
                "redis-cluster://one:6379,two:6380");
        Fuzz.text("Redis URL", urls, "%", "@", ",", "/", ":", "[", "]", "?", "=", "99999999999", "%00", "-")
                .run(5_000, text -> {
                    try {
                        var unused = RedisUrl.parse(StoreUrl.parse(new String(text, StandardCharsets.UTF_8)), Map.of());
                    } catch (StoreException e) {
                        assertThat(e.code()).isEqualTo(StoreException.Code.INVALID_URL);
                    }
                });
    }
}
