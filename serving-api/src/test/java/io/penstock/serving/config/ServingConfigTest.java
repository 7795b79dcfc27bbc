package io.penstock.serving.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.serving.ServingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingConfigTest {
    /** Every setting with another value than its default. */
    static final String EVERYTHING = """
            store: lmdb:/var/lib/penstock
            namespaces: [growth, risk]
            listen: "[::1]:9000"
            http: none
            insecure: true
            event_loops: 3
            store_check_interval: 20s
            tls:
              certificate: /etc/penstock/tls.crt
              key: /etc/penstock/tls.key
            limits:
              key_bytes: 512
              batch_keys: 500
              fields: 50
              request_bytes: 1MiB
              response_bytes: 2MiB
              pending_fetches: 10
              pending_reads: 20
              slow_fetch: 15ms
              read_time: 250ms
              unwritten_bytes: 1MiB
              admin_calls: 7
              watches: 8
            cache:
              max_bytes: 1GiB
            catalog:
              poll: 100ms
              max_unconfirmed: 2h
              recheck_interval: 50ms
              adoption_time: 1m30s
            presence:
              interval: 1s
              ttl: 4s
            connections:
              max: 11
              streams: 12
              metadata_bytes: 16KiB
              handshake_timeout: 1s
              idle: 1h
              age: 1d
              age_grace: 1m
              keepalive_interval: 30s
              keepalive_timeout: 5s
              keepalive_permit: 1s
              resets: 13
              resets_window: 20s
            warmup:
              duration: 1m30s
              lookups: 14
            shutdown:
              lame_duck: 0s
              grace: 2s
            """;

    private static final ServingConfig ALL_CHANGED = new ServingConfig(
            "lmdb:/var/lib/penstock",
            List.of("growth", "risk"),
            new HostPort("::1", 9000),
            Optional.empty(),
            true,
            3,
            Duration.ofSeconds(20),
            new ServingConfig.Tls(
                    Optional.of(Path.of("/etc/penstock/tls.crt")), Optional.of(Path.of("/etc/penstock/tls.key"))),
            new ServingConfig.Limits(
                    512,
                    500,
                    50,
                    1 << 20,
                    2 << 20,
                    10,
                    20,
                    Duration.ofMillis(15),
                    Duration.ofMillis(250),
                    1 << 20,
                    7,
                    8),
            new ServingConfig.Cache(1L << 30),
            new ServingConfig.CatalogFollowing(
                    Duration.ofMillis(100), Duration.ofHours(2), Duration.ofMillis(50), Duration.ofSeconds(90)),
            new ServingConfig.Presence(Duration.ofSeconds(1), Duration.ofSeconds(4)),
            new ServingConfig.Connections(
                    11,
                    12,
                    16 << 10,
                    Duration.ofSeconds(1),
                    Duration.ofHours(1),
                    Duration.ofDays(1),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    13,
                    Duration.ofSeconds(20)),
            new ServingConfig.Warmup(Duration.ofSeconds(90), 14),
            new ServingConfig.Shutdown(Duration.ZERO, Duration.ofSeconds(2)));

    @TempDir
    Path directory;

    @Test
    void hasTheseDefaults() {
        assertThat(ServingConfig.defaults())
                .isEqualTo(new ServingConfig(
                        "",
                        List.of("default"),
                        new HostPort("127.0.0.1", 7070),
                        Optional.of(new HostPort("127.0.0.1", 7071)),
                        false,
                        0,
                        Duration.ofSeconds(15),
                        new ServingConfig.Tls(Optional.empty(), Optional.empty()),
                        new ServingConfig.Limits(
                                1024,
                                1000,
                                1000,
                                256 << 10,
                                3584 << 10,
                                8192,
                                65_536,
                                Duration.ofMillis(40),
                                Duration.ofSeconds(5),
                                256L << 20,
                                64,
                                1000),
                        new ServingConfig.Cache(256L << 20),
                        new ServingConfig.CatalogFollowing(
                                Duration.ofSeconds(1),
                                Duration.ofHours(1),
                                Duration.ofMillis(100),
                                Duration.ofMinutes(1)),
                        new ServingConfig.Presence(Duration.ofSeconds(5), Duration.ofSeconds(15)),
                        new ServingConfig.Connections(
                                10_000,
                                1000,
                                8 << 10,
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(30),
                                Duration.ZERO,
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                100_000,
                                Duration.ofSeconds(10)),
                        new ServingConfig.Warmup(Duration.ofSeconds(20), 500_000),
                        new ServingConfig.Shutdown(Duration.ofSeconds(1), Duration.ofSeconds(7))));
    }

    @Test
    void readsEverySettingFromTheFile() throws IOException {
        assertThat(ServingConfig.load(file(EVERYTHING), Map.of())).isEqualTo(ALL_CHANGED);
    }

    @Test
    void readsEverySettingFromTheEnvironment() throws IOException {
        Map<String, String> environment = new HashMap<>();
        SettingsFile.parse("all", EVERYTHING, ServingConfig.keys())
                .forEach((path, given) -> environment.put(
                        ServingConfig.keys().stream()
                                .filter(key -> key.path().equals(path))
                                .findFirst()
                                .orElseThrow()
                                .environment(),
                        String.join(",", given.texts())));
        assertThat(environment).hasSize(ServingConfig.keys().size());
        assertThat(environment.keySet())
                .contains("PENSTOCK_STORE", "PENSTOCK_NAMESPACE", "PENSTOCK_LIMITS_KEY_BYTES", "PENSTOCK_HTTP");
        assertThat(ServingConfig.load(null, environment)).isEqualTo(ALL_CHANGED);
    }

    @Test
    void everySettingIsChangedInThisTest() {
        Set<String> changed = new HashSet<>(
                SettingsFile.parse("all", EVERYTHING, ServingConfig.keys()).keySet());
        assertThat(changed)
                .containsExactlyInAnyOrderElementsOf(
                        ServingConfig.keys().stream().map(SettingKey::path).toList());
    }

    @Test
    void theEnvironmentGoesBeforeTheFileAndFlagsBeforeBoth() throws IOException {
        Path file = file("listen: 127.0.0.1:1\nhttp: 127.0.0.1:2\n");
        ServingConfig config = ServingConfig.load(
                        file, Map.of("PENSTOCK_LISTEN", "127.0.0.1:3", "PENSTOCK_STORE", "memory:a"))
                .withStore("memory:b");
        assertThat(config.listen()).hasToString("127.0.0.1:3");
        assertThat(config.http()).hasValue(new HostPort("127.0.0.1", 2));
        assertThat(config.store()).isEqualTo("memory:b");
        assertThat(config.withNamespaces(List.of("a", "b")).namespaces()).containsExactly("a", "b");
        assertThat(config.withListen("0.0.0.0:1").withInsecure(true).withHttp("none"))
                .returns(true, ServingConfig::insecure)
                .returns(Optional.empty(), ServingConfig::http);
    }

    @Test
    void anEmptyFileChangesNothing() throws IOException {
        assertThat(ServingConfig.load(file("# nothing\n"), Map.of())).isEqualTo(ServingConfig.defaults());
    }

    @Test
    void namesFileLineAndAllowedSettingsOfAnUnknownOne() throws IOException {
        Path file = file("store: memory:a\ncache:\n  max_byte: 1\n");
        assertThatThrownBy(() -> ServingConfig.load(file, Map.of()))
                .isInstanceOf(ServingException.class)
                .hasMessage(file + ":3: unknown setting 'cache.max_byte' (expected: one of [max_bytes])")
                .extracting(e -> ((ServingException) e).code())
                .isEqualTo(ServingException.Code.INVALID_CONFIG);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen: nowhere | :1: listen: 'nowhere' (expected: host:port, such as 127.0.0.1:7070)",
                "listen: ::1:80 | :1: listen: '::1:80' (expected: host:port, such as 127.0.0.1:7070)",
                "listen: a:99999 | :1: listen: port: 99999 (expected: 0 to 65535)",
                "insecure: yes | :1: insecure: 'yes' (expected: true or false)",
                "event_loops: -1 | :1: event_loops: '-1' (expected: a whole number)",
                "event_loops: 5000 | :1: event_loops: 5000 (expected: 0 to 1024)",
                "namespaces: [] | :1: namespaces: [] (expected: one or more, each once)",
                "namespaces: [A] | :1: namespaces: namespace: 'A' (expected: 1 to 63 characters of [a-z0-9.-])",
                "limits: {key_bytes: 1MB} | :1: limits.key_bytes: '1MB' (expected: a size such as 1024, 64KiB, 4MiB, 1GiB)",
                "limits: {key_bytes: 2KiB} | :1: limits.key_bytes: 2048 (expected: 1 to 1024)",
                "limits: {read_time: 5} | :1: limits.read_time: '5' (expected: a duration such as 250ms, 5s, 1h30m, 7d; 0s for none)",
                "limits: {batch_keys: 100000} | limits.response_bytes: 3670016 (expected: at least 64 times limits.batch_keys, 6400000)",
                "catalog: {adoption_time: 1ms} | :1: catalog.adoption_time: 1ms (expected: 1s to 60m)",
                "connections: {idle: 10ms} | :1: connections.idle: 10ms (expected: 1s to 525600m)",
                "presence: {ttl: 6s} | :1: presence.ttl: 6s (expected: 10s to 60m)",
                "tls: {certificate: a.pem} | tls.key: none (expected: the key of tls.certificate)",
                "tls: none | :1: 'tls' is a section (expected: its settings, indented: [certificate, key])",
                "store: | :1: 'store' has no value",
                "store: [a, b] | :1: store: a list (expected: one value)",
                "just text | :1: not settings (expected: key: value)",
                "store: {a: b} | :1: 'store' has no value",
            })
    void saysWhatWasExpected(String yaml, String message) throws IOException {
        assertThatThrownBy(() -> ServingConfig.load(file(yaml), Map.of()))
                .isInstanceOf(ServingException.class)
                .hasMessageEndingWith(message);
    }

    @Test
    void refusesASettingThatStandsTwice() throws IOException {
        Path file = file("store: memory:a\nstore: memory:b\n");
        assertThatThrownBy(() -> ServingConfig.load(file, Map.of()))
                .isInstanceOf(ServingException.class)
                .hasMessageContaining(file + ":2: ");
    }

    @Test
    void refusesASecondDocumentAndWhatIsNoYaml() throws IOException {
        Path two = file("store: memory:a\n---\nstore: memory:b\n");
        assertThatThrownBy(() -> ServingConfig.load(two, Map.of())).hasMessageContaining("a second document");
        Path broken = file("store: [a\n");
        assertThatThrownBy(() -> ServingConfig.load(broken, Map.of()))
                .isInstanceOf(ServingException.class)
                .hasMessageContaining("not YAML");
    }

    @Test
    void namesTheEnvironmentVariableThatIsWrong() {
        assertThatThrownBy(() -> ServingConfig.load(null, Map.of("PENSTOCK_CACHE_MAX_BYTES", "much")))
                .hasMessage("environment variable PENSTOCK_CACHE_MAX_BYTES: cache.max_bytes: 'much' (expected: a size"
                        + " such as 1024, 64KiB, 4MiB, 1GiB)");
    }

    @Test
    void namesTheFileThatIsNotThere() {
        Path missing = directory.resolve("missing.yaml");
        assertThatThrownBy(() -> ServingConfig.load(missing, Map.of()))
                .isInstanceOf(ServingException.class)
                .hasMessageStartingWith("configuration file " + missing + " cannot be read: ");
    }

    @Test
    void theDocumentationListsEverySetting() throws IOException {
        StringBuilder table =
                new StringBuilder("| setting | default | unit | environment | what it does |\n|---|---|---|---|---|\n");
        for (SettingKey key : ServingConfig.keys()) {
            table.append("| `")
                    .append(key.path())
                    .append("` | ")
                    .append(key.defaults().isEmpty() ? "" : "`" + key.defaults() + "`")
                    .append(" | ")
                    .append(key.unit())
                    .append(" | `")
                    .append(key.environment())
                    .append("` | ")
                    .append(key.says())
                    .append(" |\n");
        }
        assertThat(Files.readString(Path.of("../docs/configuration.md"))).contains(table);
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("serving.yaml"), yaml);
    }
}
