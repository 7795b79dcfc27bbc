package io.penstock.serving.config;

import io.penstock.serving.ServingException;
import io.penstock.serving.config.SettingsFile.Given;
import io.penstock.store.DatasetId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a server. A setting's name is its path, {@code limits.key_bytes}; flags go before the environment,
 * the environment before the file, the file before the defaults, which stand here.
 */
public record ServingConfig(
        @Setting(defaults = "", says = "The store's URL, such as `lmdb:./store`. Required by `penstock serve`.")
        String store,

        @Setting(
                defaults = "default",
                environment = "PENSTOCK_NAMESPACE",
                says = "The namespaces to serve. Callers may leave the first one's name out.")
        List<String> namespaces,

        @Setting(defaults = "127.0.0.1:7070", says = "Where gRPC listens. Port 0 takes a free one.")
        HostPort listen,

        @Setting(
                defaults = "127.0.0.1:7071",
                says = "Where metrics, health and the list of datasets are served over plain HTTP: no data, but names"
                        + " of datasets. `none` turns it off.")
        Optional<HostPort> http,

        @Setting(
                defaults = "false",
                says = "Allows plaintext beyond this machine. For networks that encrypt by themselves.")
        boolean insecure,

        @Setting(defaults = "0", says = "Event loops that answer lookups. 0: one a processor.")
        int eventLoops,

        @Setting(defaults = "15s", says = "How often the store's settings are checked: see `penstock_store_unsafe`.")
        Duration storeCheckInterval,

        Tls tls,
        Limits limits,
        Cache cache,
        CatalogFollowing catalog,
        Presence presence,
        Connections connections,
        Warmup warmup,
        Shutdown shutdown) {
    private static final List<SettingKey> KEYS = SettingKey.of(ServingConfig.class);
    private static final int EVENT_LOOPS_MAX = 1024;
    private static final ServingConfig DEFAULTS = new SettingsBinder(KEYS, Map.of()).bind(ServingConfig.class, null);

    public ServingConfig {
        namespaces = List.copyOf(namespaces);
        if (namespaces.isEmpty() || new HashSet<>(namespaces).size() != namespaces.size()) {
            throw new IllegalArgumentException("namespaces: " + namespaces + " (expected: one or more, each once)");
        }
        for (String namespace : namespaces) {
            try {
                DatasetId.requireNamespace(namespace);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("namespaces: " + e.getMessage(), e);
            }
        }
        Range.require("event_loops", eventLoops, 0, EVENT_LOOPS_MAX);
        Range.require("store_check_interval", storeCheckInterval, Duration.ofMillis(10), Duration.ofHours(1));
    }

    /** All defaults. */
    public static ServingConfig defaults() {
        return DEFAULTS;
    }

    /**
     * Reads the file, if there is one, and the environment.
     *
     * @param environment such as {@link System#getenv()}; what is not a setting's variable is ignored
     * @throws ServingException {@code INVALID_CONFIG}, naming file and line, or the variable, and what was expected
     */
    public static ServingConfig load(@Nullable Path file, Map<String, String> environment) {
        Map<String, Given> givens = new LinkedHashMap<>();
        if (file != null) {
            givens.putAll(SettingsFile.parse(file.toString(), text(file), KEYS));
        }
        for (SettingKey key : KEYS) {
            String value = environment.get(key.environment());
            if (value != null) {
                givens.put(key.path(), new Given(List.of(value), "environment variable " + key.environment()));
            }
        }
        return new SettingsBinder(KEYS, givens).bind(ServingConfig.class, DEFAULTS);
    }

    /**
     * This configuration with some settings replaced, such as by flags.
     *
     * @param settings by name, {@code limits.key_bytes}, as they would stand in the file
     * @throws ServingException {@code INVALID_CONFIG}, naming the setting
     */
    public ServingConfig with(Map<String, String> settings) {
        Map<String, Given> givens = new HashMap<>();
        settings.forEach((path, value) -> {
            if (KEYS.stream().noneMatch(key -> key.path().equals(path))) {
                throw new ServingException(
                        ServingException.Code.INVALID_CONFIG,
                        "unknown setting '" + path + "' (expected: one of "
                                + KEYS.stream().map(SettingKey::path).toList() + ")");
            }
            givens.put(path, new Given(List.of(value), "setting"));
        });
        return new SettingsBinder(KEYS, givens).bind(ServingConfig.class, this);
    }

    /** This configuration with one setting replaced; see {@link #with(Map)}. */
    public ServingConfig with(String path, String value) {
        return with(Map.of(path, value));
    }

    public ServingConfig withStore(String url) {
        return with("store", url);
    }

    public ServingConfig withNamespaces(List<String> names) {
        return with("namespaces", String.join(",", names));
    }

    public ServingConfig withListen(String address) {
        return with("listen", address);
    }

    /** Sets where metrics are served; {@code none} turns the HTTP port off. */
    public ServingConfig withHttp(String address) {
        return with("http", address);
    }

    public ServingConfig withInsecure(boolean allowed) {
        return with("insecure", Boolean.toString(allowed));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ServingException(
                    ServingException.Code.INVALID_CONFIG, "configuration file " + file + " cannot be read: " + e, e);
        }
    }

    static List<SettingKey> keys() {
        return KEYS;
    }

    /** Transport security. */
    public record Tls(
            @Setting(defaults = "none", says = "The certificate chain, PEM. With it, gRPC is served over TLS only.")
            Optional<Path> certificate,

            @Setting(defaults = "none", says = "The certificate's private key, PKCS#8 PEM, not encrypted.")
            Optional<Path> key) {
        public Tls {
            if (certificate.isPresent() != key.isPresent()) {
                throw new IllegalArgumentException(
                        certificate.isPresent()
                                ? "tls.key: none (expected: the key of tls.certificate)"
                                : "tls.certificate: none (expected: the certificate of tls.key)");
            }
        }
    }

    /** What one caller may ask for, and all of them together. */
    public record Limits(
            @Setting(defaults = "1KiB", says = "The longest key. Longer: `KEY_TOO_LONG`.")
            int keyBytes,

            @Setting(defaults = "1000", says = "Keys in one batch. More: `TOO_MANY_KEYS`.")
            int batchKeys,

            @Setting(defaults = "1000", says = "Field numbers one caller may select. More: `TOO_MANY_FIELDS`.")
            int fields,

            @Setting(
                    defaults = "256KiB",
                    says = "The largest batch request. Larger: `TOO_MANY_KEYS`; larger than four times this:"
                            + " `RESOURCE_EXHAUSTED`, before it is read.")
            int requestBytes,

            @Setting(
                    defaults = "3584KiB",
                    says = "The largest answer, at least 64 bytes a key of `batch_keys`; a row beyond it fails with"
                            + " `RESPONSE_TOO_LARGE`. Clients refuse more than 4 MiB unless told otherwise.")
            int responseBytes,

            @Setting(
                    defaults = "8192",
                    says =
                            "Buckets one event loop has asked the store for and not got yet. More: `OVERLOADED`, at once.")
            int pendingFetches,

            @Setting(
                    defaults = "65536",
                    says = "Calls, and buckets of batches, that wait on one event loop. More: `OVERLOADED`, at once.")
            int pendingReads,

            @Setting(
                    defaults = "40ms",
                    says =
                            "While the store takes longer than this to answer, an event loop asks it for fewer buckets than"
                                    + " `pending_fetches`, down to 128. More: `OVERLOADED`, at once.")
            Duration slowFetch,

            @Setting(
                    defaults = "5s",
                    says = "The longest a lookup takes if its caller set no deadline or a later one; then it is"
                            + " `DEADLINE_EXCEEDED`.")
            Duration readTime,

            @Setting(
                    defaults = "256MiB",
                    says =
                            "Answers that one event loop keeps for callers who have not read them yet. More: `OVERLOADED`.")
            long unwrittenBytes,

            @Setting(defaults = "64", says = "Calls about datasets and contracts at the same time. More: `OVERLOADED`.")
            int adminCalls,

            @Setting(defaults = "1000", says = "`WatchDatasets` calls at the same time. More: `OVERLOADED`.")
            int watches) {
        private static final int BYTES_MAX = 64 << 20;
        /** Stored keys are never longer. */
        private static final int KEY_BYTES_MAX = 1 << 10;
        /** What an answer needs for a key whose row does not fit, with room to spare. */
        private static final long RESPONSE_BYTES_PER_KEY = 64;

        public Limits {
            Range.require("limits.key_bytes", keyBytes, 1, KEY_BYTES_MAX);
            Range.require("limits.batch_keys", batchKeys, 1, 100_000);
            Range.require("limits.fields", fields, 1, 10_000);
            Range.require("limits.request_bytes", requestBytes, 1024, BYTES_MAX);
            Range.require("limits.response_bytes", responseBytes, 64 << 10, BYTES_MAX);
            Range.require("limits.pending_fetches", pendingFetches, 1, 1 << 20);
            Range.require("limits.pending_reads", pendingReads, 1, 1 << 24);
            Range.require("limits.slow_fetch", slowFetch, Duration.ofMillis(1), Duration.ofMinutes(5));
            Range.require("limits.read_time", readTime, Duration.ofMillis(1), Duration.ofMinutes(5));
            Range.require("limits.unwritten_bytes", unwrittenBytes, 64 << 10, 1L << 40);
            Range.require("limits.admin_calls", adminCalls, 1, 100_000);
            Range.require("limits.watches", watches, 1, 1_000_000);
            if (requestBytes < keyBytes + 1024) {
                throw new IllegalArgumentException(
                        "limits.request_bytes: " + requestBytes + " (expected: at least limits.key_bytes + 1024)");
            }
            if (responseBytes < RESPONSE_BYTES_PER_KEY * batchKeys) {
                throw new IllegalArgumentException("limits.response_bytes: " + responseBytes
                        + " (expected: at least 64 times limits.batch_keys, " + RESPONSE_BYTES_PER_KEY * batchKeys
                        + ")");
            }
        }
    }

    /** The near cache. */
    public record Cache(
            @Setting(defaults = "256MiB", says = "Memory for cached rows and absences. 0: no cache.")
            long maxBytes) {}

    /** How the catalog is followed. */
    public record CatalogFollowing(
            @Setting(
                    defaults = "1s",
                    says = "How often the catalog is looked at, besides what the store announces by itself.")
            Duration poll,

            @Setting(
                    defaults = "1h",
                    says = "How long a version is served without the catalog being confirmed. After that:"
                            + " `CATALOG_UNCONFIRMED`.")
            Duration maxUnconfirmed,

            @Setting(
                    defaults = "100ms",
                    says = "Reads of the catalog on behalf of lookups are at least this far apart.")
            Duration recheckInterval,

            @Setting(
                    defaults = "1m",
                    says =
                            "How long one attempt to load what the catalog moved to may take. Then it is given up, said in"
                                    + " the dataset's `problem`, and repeated.")
            Duration adoptionTime) {
        public CatalogFollowing {
            Range.require("catalog.poll", poll, Duration.ofMillis(10), Duration.ofMinutes(10));
            Range.require("catalog.recheck_interval", recheckInterval, Duration.ofMillis(1), Duration.ofMinutes(1));
            Range.require("catalog.max_unconfirmed", maxUnconfirmed, Duration.ofSeconds(1), Duration.ofDays(365));
            Range.require("catalog.adoption_time", adoptionTime, Duration.ofSeconds(1), Duration.ofHours(1));
        }
    }

    /** The record that says what this server holds, so that it is not deleted under it. */
    public record Presence(
            @Setting(defaults = "5s", says = "How often the record is renewed.")
            Duration interval,

            @Setting(defaults = "15s", says = "How long the record lasts without renewal.")
            Duration ttl) {
        public Presence {
            Range.require("presence.interval", interval, Duration.ofMillis(10), Duration.ofMinutes(10));
            Range.require("presence.ttl", ttl, interval.multipliedBy(2), Duration.ofHours(1));
        }
    }

    /** What one connection may do. */
    public record Connections(
            @Setting(defaults = "10000", says = "Connections at the same time; further ones are closed at once.")
            int max,

            @Setting(
                    defaults = "1000",
                    says = "Calls at the same time on one connection; further ones wait at the caller.")
            int streams,

            @Setting(defaults = "8KiB", says = "Metadata of one call. More: the call is refused.")
            int metadataBytes,

            @Setting(defaults = "10s", says = "How long a TLS or HTTP/2 handshake may take.")
            Duration handshakeTimeout,

            @Setting(defaults = "30m", says = "A connection without calls is closed after this. 0s: never.")
            Duration idle,

            @Setting(
                    defaults = "0s",
                    says = "A connection is closed gracefully after this, so that callers spread anew. 0s: never.")
            Duration age,

            @Setting(defaults = "30s", says = "How long calls may go on on a connection closed for its age.")
            Duration ageGrace,

            @Setting(defaults = "1m", says = "A silent connection is pinged after this.")
            Duration keepaliveInterval,

            @Setting(defaults = "10s", says = "A connection whose ping is not answered is closed after this.")
            Duration keepaliveTimeout,

            @Setting(defaults = "10s", says = "A caller that pings more often than this is disconnected.")
            Duration keepalivePermit,

            @Setting(
                    defaults = "100000",
                    says = "Calls one connection may reset within `resets_window`; then it is closed.")
            int resets,

            @Setting(defaults = "10s", says = "The window of `resets`, whole seconds.")
            Duration resetsWindow) {
        public Connections {
            Range.require("connections.max", max, 1, 10_000_000);
            Range.require("connections.streams", streams, 1, 1_000_000);
            Range.require("connections.metadata_bytes", metadataBytes, 1024, 1 << 20);
            Range.require(
                    "connections.handshake_timeout", handshakeTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
            requireNoneOrASecond("connections.idle", idle);
            requireNoneOrASecond("connections.age", age);
            Range.require("connections.age_grace", ageGrace, Duration.ofMillis(1), Duration.ofDays(1));
            Range.require(
                    "connections.keepalive_interval", keepaliveInterval, Duration.ofSeconds(1), Duration.ofDays(1));
            Range.require(
                    "connections.keepalive_timeout", keepaliveTimeout, Duration.ofMillis(10), Duration.ofHours(1));
            Range.require("connections.keepalive_permit", keepalivePermit, Duration.ZERO, Duration.ofDays(1));
            Range.require("connections.resets", resets, 1, Integer.MAX_VALUE);
            Range.require("connections.resets_window", resetsWindow, Duration.ofSeconds(1), Duration.ofHours(1));
        }

        /** gRPC takes less than a second for one. */
        private static void requireNoneOrASecond(String path, Duration value) {
            if (!value.isZero()) {
                Range.require(path, value, Duration.ofSeconds(1), Duration.ofDays(365));
            }
        }
    }

    /** The server's own lookups before it calls itself ready. */
    public record Warmup(
            @Setting(
                    defaults = "20s",
                    says = "At most this long, counted from the first loaded version; it ends sooner when the JVM has"
                            + " compiled what look-ups need. 0s: no warm-up.")
            Duration duration,

            @Setting(defaults = "500000", says = "At most this many lookups.")
            int lookups) {
        public Warmup {
            Range.require("warmup.duration", duration, Duration.ZERO, Duration.ofMinutes(5));
            Range.require("warmup.lookups", lookups, 0, 100_000_000);
        }
    }

    /** How the server ends. */
    public record Shutdown(
            @Setting(
                    defaults = "1s",
                    says = "How long it goes on answering after it began to call itself not serving, so that load"
                            + " balancers can turn away.")
            Duration lameDuck,

            @Setting(defaults = "7s", says = "How long calls in flight may go on after that.")
            Duration grace) {
        public Shutdown {
            Range.require("shutdown.lame_duck", lameDuck, Duration.ZERO, Duration.ofHours(1));
            Range.require("shutdown.grace", grace, Duration.ZERO, Duration.ofHours(1));
        }
    }
}
