package io.penstock.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.store.StoreException;
import io.penstock.store.StoreUrl;
import io.penstock.store.redis.connection.NodeAddress;
import io.penstock.store.redis.connection.RedisConfig;
import io.penstock.store.redis.connection.RedisConfig.Login;
import io.penstock.store.redis.connection.RedisConfig.Mode;
import io.penstock.store.redis.connection.RedisConfig.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisUrlTest {
    @Test
    void everyDefaultIsAsDocumented() {
        assertThat(parse("redis://localhost"))
                .isEqualTo(new RedisUrl(
                        new RedisConfig(
                                "redis://localhost:6379",
                                Mode.STANDALONE,
                                List.of(new NodeAddress("localhost", 6379)),
                                null,
                                0,
                                Login.NONE,
                                Login.NONE,
                                null,
                                Duration.ofSeconds(2),
                                false),
                        16_384,
                        0));
    }

    @Test
    void everyPartIsTaken() {
        RedisUrl url =
                parse("redis://ann:p%40ss%2Fword+1@[::1]:7000/3?tls=true&tls_ca=/ca.pem&tls_cert=/c.pem&tls_key=/k.pem"
                        + "&tls_verify=ca&timeout=500ms&read_from=replica&wait_replicas=2&pending_reads=100");
        assertThat(url)
                .isEqualTo(new RedisUrl(
                        new RedisConfig(
                                "redis://***@[::1]:7000/3?pending_reads=100&read_from=replica&timeout=500ms&tls=true"
                                        + "&tls_ca=/ca.pem&tls_cert=/c.pem&tls_key=/k.pem&tls_verify=ca&wait_replicas=2",
                                Mode.STANDALONE,
                                List.of(new NodeAddress("::1", 7000)),
                                null,
                                3,
                                new Login("ann", "p@ss/word+1"),
                                Login.NONE,
                                new Tls(Path.of("/ca.pem"), Path.of("/c.pem"), Path.of("/k.pem"), false),
                                Duration.ofMillis(500),
                                true),
                        100,
                        2));
    }

    @Test
    void sentinelsHaveAPrimaryNameAndALoginOfTheirOwn() {
        RedisConfig config = parse("redis-sentinel://:secret@a,b:1000/main?sentinel_password=other&sentinel_user=bob")
                .config();
        assertThat(config.mode()).isEqualTo(Mode.SENTINEL);
        assertThat(config.seeds()).containsExactly(new NodeAddress("a", 26379), new NodeAddress("b", 1000));
        assertThat(config.primaryName()).isEqualTo("main");
        assertThat(config.login()).isEqualTo(new Login(null, "secret"));
        assertThat(config.sentinelLogin()).isEqualTo(new Login("bob", "other"));
        assertThat(config.url())
                .isEqualTo("redis-sentinel://***@a:26379,b:1000/main?sentinel_password=***&sentinel_user=bob");
    }

    @Test
    void clusterNodesAreListed() {
        RedisConfig config = parse("redis-cluster://a,b:1").config();
        assertThat(config.mode()).isEqualTo(Mode.CLUSTER);
        assertThat(config.seeds()).containsExactly(new NodeAddress("a", 6379), new NodeAddress("b", 1));
    }

    @Test
    void userAndPasswordComeFromTheEnvironmentIfTheUrlHasNone() {
        Map<String, String> environment =
                Map.of("PENSTOCK_REDIS_USER", "env-user", "PENSTOCK_REDIS_PASSWORD", "env-password");
        assertThat(login("redis://host", environment)).isEqualTo(new Login("env-user", "env-password"));
        assertThat(login("redis://ann@host", environment)).isEqualTo(new Login("ann", "env-password"));
        assertThat(login("redis://:mine@host", environment)).isEqualTo(new Login(null, "mine"));
        assertThat(login("redis://ann:mine@host", environment)).isEqualTo(new Login("ann", "mine"));
    }

    @Test
    void nothingThatIsPrintedHasAPassword() {
        RedisUrl url =
                RedisUrl.parse(StoreUrl.parse("redis://u:geheim@host"), Map.of("PENSTOCK_REDIS_PASSWORD", "geheim"));
        assertThat(url.toString()).doesNotContain("geheim").contains("***@host");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis:host | store URL: names no host (expected: redis://host:6379)",
                "redis:// | store URL: names no host (expected: redis://host:6379)",
                "redis-sentinel:///x | store URL: names no host (expected: redis-sentinel://host:26379,host,host/primary-name)",
                "redis-cluster://a,,b | store URL: names no host (expected: redis-cluster://host:6379,host:6379)",
                "redis://a,b | store URL: redis:// with 2 hosts (expected: one; use redis-sentinel:// or redis-cluster:// for several)",
                "redis://ho$t | store URL: host 'ho$t' (expected: name, name:port or [IPv6]:port)",
                "redis://host:0 | store URL: port 0 (expected: 1 to 65535)",
                "redis://host:99999 | store URL: port 99999 (expected: 1 to 65535)",
                "redis://host:x | store URL: host 'host:x' (expected: name, name:port or [IPv6]:port)",
                "redis://host/x | store URL: database 'x' (expected: a number, such as redis://host/1)",
                "redis-sentinel://host | store URL: '' names no primary (expected: redis-sentinel://host:26379,host,host/primary-name)",
                "redis-cluster://host/1 | store URL: '/1' after redis-cluster:// (expected: nothing; a cluster has one database)",
                "redis://u:a@b@host | store URL: user or password has an '@' or '/' in it (expected: %40 or %2F)",
                "redis://u:a/b@host | store URL: user or password has an '@' or '/' in it (expected: %40 or %2F)",
                "redis://u:%zz@host | store URL: user or password has a '%' that encodes nothing (expected: %25)",
                "redis://u@host | store URL: a user without a password (expected: redis://user:password@host, or PENSTOCK_REDIS_PASSWORD)",
                "redis://host?tls=yes | store URL option tls: 'yes' (expected: true or false)",
                "redis://host?tls_ca=x | store URL option tls_ca: only with tls=true",
                "redis://host?tls=true&tls_cert=x | store URL: only one of tls_cert and tls_key (expected: both or none)",
                "redis://host?timeout=2 | store URL option timeout: '2' (expected: 100ms to 60s, such as 2s)",
                "redis://host?timeout=1ms | store URL option timeout: '1ms' (expected: 100ms to 60s, such as 2s)",
                "redis://host?read_from=any | store URL option read_from: 'any' (expected: primary or replica)",
                "redis://host?wait_replicas=-1 | store URL option wait_replicas: '-1' (expected: 0 to 16)",
                "redis://host?pending_reads=1 | store URL option pending_reads: '1' (expected: 16 to 1048576)",
                "redis://host?sentinel_user=x | store URL option sentinel_user: only with redis-sentinel://"
            })
    void namesEveryMistake(String url, String message) {
        assertThatThrownBy(() -> parse(url))
                .hasMessage(message)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(StoreException.Code.INVALID_URL));
    }

    @Test
    void refusesUnknownOptionsByName() {
        assertThatThrownBy(() -> parse("redis://host?time_out=2s"))
                .hasMessageStartingWith("store URL option: 'time_out'");
    }

    private static Login login(String url, Map<String, String> environment) {
        return RedisUrl.parse(StoreUrl.parse(url), environment).config().login();
    }

    private static RedisUrl parse(String url) {
        return RedisUrl.parse(StoreUrl.parse(url), Map.of());
    }
}
