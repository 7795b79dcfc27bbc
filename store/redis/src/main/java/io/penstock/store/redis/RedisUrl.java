package io.penstock.store.redis;

import io.penstock.store.StoreException;
import io.penstock.store.StoreUrl;
import io.penstock.store.redis.connection.NodeAddress;
import io.penstock.store.redis.connection.RedisConfig;
import io.penstock.store.redis.connection.RedisConfig.Login;
import io.penstock.store.redis.connection.RedisConfig.Mode;
import io.penstock.store.redis.connection.RedisConfig.Tls;
import io.penstock.store.redis.health.PrimariesBarrier;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a URL says; see docs/stores/redis.md. No message names anything before the {@code @}.
 *
 * @param pendingReads how many reads of one event loop may be unanswered
 * @param waitReplicas how many replicas of each primary must have a publication before it counts as durable, or {@link
 *     PrimariesBarrier#WAIT_REPLICAS_AUTO}
 */
record RedisUrl(RedisConfig config, int pendingReads, int waitReplicas) {
    static final Set<String> SCHEMES = Set.of("redis", "redis-sentinel", "redis-cluster");

    static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(2);
    static final Duration TIMEOUT_MIN = Duration.ofMillis(100);
    static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);
    static final int PENDING_READS_DEFAULT = 16_384;
    static final int PENDING_READS_MIN = 16;
    static final int PENDING_READS_MAX = 1 << 20;
    static final int WAIT_REPLICAS_MAX = 16;

    static final String USER_VARIABLE = "PENSTOCK_REDIS_USER";
    static final String PASSWORD_VARIABLE = "PENSTOCK_REDIS_PASSWORD";
    static final String SENTINEL_USER_VARIABLE = "PENSTOCK_REDIS_SENTINEL_USER";
    static final String SENTINEL_PASSWORD_VARIABLE = "PENSTOCK_REDIS_SENTINEL_PASSWORD";

    private static final int PORT = 6379;
    private static final int SENTINEL_PORT = 26379;
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s)");
    private static final Pattern PRIMARY_NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Set<String> OPTIONS = Set.of(
            "tls",
            "tls_ca",
            "tls_cert",
            "tls_key",
            "tls_verify",
            "timeout",
            "read_from",
            "wait_replicas",
            "pending_reads",
            "sentinel_user",
            "sentinel_password");

    /**
     * Reads a URL, strictly.
     *
     * @param environment where user and password come from if the URL has none
     * @throws StoreException with {@code INVALID_URL}
     */
    static RedisUrl parse(StoreUrl url, Map<String, String> environment) {
        return new Parser(url, environment).parse();
    }

    private record Parser(StoreUrl url, Map<String, String> environment) {
        RedisUrl parse() {
            url.requireOptions(OPTIONS);
            Mode mode = switch (url.scheme()) {
                case "redis-sentinel" -> Mode.SENTINEL;
                case "redis-cluster" -> Mode.CLUSTER;
                default -> Mode.STANDALONE;
            };
            if (!url.rest().startsWith("//")) {
                throw shape();
            }
            String rest = url.rest().substring(2);
            int at = rest.indexOf('@');
            String afterLogin = rest.substring(at + 1);
            if (at != rest.lastIndexOf('@') || (at >= 0 && rest.lastIndexOf('/', at) >= 0)) {
                throw invalid("store URL: user or password has an '@' or '/' in it (expected: %40 or %2F)");
            }
            int slash = afterLogin.indexOf('/');
            String hosts = slash < 0 ? afterLogin : afterLogin.substring(0, slash);
            String path = slash < 0 ? "" : afterLogin.substring(slash + 1);
            List<NodeAddress> seeds = seeds(hosts, mode);
            int database = mode == Mode.STANDALONE ? database(path) : 0;
            if (mode == Mode.CLUSTER && !path.isEmpty()) {
                throw invalid("store URL: '/" + path + "' after redis-cluster:// (expected: nothing; a cluster has one"
                        + " database)");
            }
            String primaryName = mode == Mode.SENTINEL ? primaryName(path) : null;
            if (mode != Mode.SENTINEL) {
                refuse("sentinel_user", "redis-sentinel://");
                refuse("sentinel_password", "redis-sentinel://");
            }
            RedisConfig config = new RedisConfig(
                    redacted(seeds, path),
                    mode,
                    seeds,
                    primaryName,
                    database,
                    login(at < 0 ? null : rest.substring(0, at)),
                    mode == Mode.SENTINEL ? sentinelLogin() : Login.NONE,
                    tls(),
                    timeout(),
                    readsReplicas());
            return new RedisUrl(
                    config,
                    number("pending_reads", PENDING_READS_DEFAULT, PENDING_READS_MIN, PENDING_READS_MAX),
                    number("wait_replicas", PrimariesBarrier.WAIT_REPLICAS_AUTO, 0, WAIT_REPLICAS_MAX));
        }

        private List<NodeAddress> seeds(String hosts, Mode mode) {
            List<NodeAddress> seeds = new ArrayList<>();
            for (String host : hosts.split(",", -1)) {
                Matcher matcher = HOST.matcher(host);
                if (!matcher.matches()) {
                    throw host.isEmpty()
                            ? shape()
                            : invalid("store URL: host '" + host + "' (expected: name, name:port or [IPv6]:port)");
                }
                String name = matcher.group(1);
                if (name.startsWith("[")) {
                    name = name.substring(1, name.length() - 1);
                }
                int port = mode == Mode.SENTINEL ? SENTINEL_PORT : PORT;
                if (matcher.group(2) != null) {
                    port = Integer.parseInt(matcher.group(2));
                }
                if (port < 1 || port > 65_535) {
                    throw invalid("store URL: port " + port + " (expected: 1 to 65535)");
                }
                seeds.add(new NodeAddress(name, port));
            }
            if (mode == Mode.STANDALONE && seeds.size() > 1) {
                throw invalid("store URL: redis:// with " + seeds.size()
                        + " hosts (expected: one; use redis-sentinel:// or redis-cluster:// for several)");
            }
            return seeds;
        }

        private static int database(String path) {
            if (path.isEmpty()) {
                return 0;
            }
            if (path.matches("[0-9]{1,5}")) {
                return Integer.parseInt(path);
            }
            throw invalid("store URL: database '" + path + "' (expected: a number, such as redis://host/1)");
        }

        private static String primaryName(String path) {
            if (PRIMARY_NAME.matcher(path).matches()) {
                return path;
            }
            throw invalid("store URL: '" + path
                    + "' names no primary (expected: redis-sentinel://host:26379,host,host/primary-name)");
        }

        private Login login(@Nullable String text) {
            String user = text == null ? "" : text;
            String password = "";
            int colon = user.indexOf(':');
            if (colon >= 0) {
                password = decode(user.substring(colon + 1));
                user = user.substring(0, colon);
            }
            return login(decode(user), password, USER_VARIABLE, PASSWORD_VARIABLE, "redis://user:password@host");
        }

        private Login sentinelLogin() {
            return login(
                    url.options().getOrDefault("sentinel_user", ""),
                    url.options().getOrDefault("sentinel_password", ""),
                    SENTINEL_USER_VARIABLE,
                    SENTINEL_PASSWORD_VARIABLE,
                    "sentinel_password");
        }

        private Login login(
                String user, String password, String userVariable, String passwordVariable, String expected) {
            String name = user.isEmpty() && password.isEmpty() ? environment.getOrDefault(userVariable, "") : user;
            String secret = password.isEmpty() ? environment.getOrDefault(passwordVariable, "") : password;
            if (!name.isEmpty() && secret.isEmpty()) {
                throw invalid("store URL: a user without a password (expected: " + expected + ", or " + passwordVariable
                        + ")");
            }
            return secret.isEmpty() ? Login.NONE : new Login(name.isEmpty() ? null : name, secret);
        }

        private @Nullable Tls tls() {
            boolean on = choice("tls", "false", List.of("true", "false")).equals("true");
            if (!on) {
                for (String option : List.of("tls_ca", "tls_cert", "tls_key", "tls_verify")) {
                    refuse(option, "tls=true");
                }
                return null;
            }
            Path certificate = file("tls_cert");
            Path key = file("tls_key");
            if ((certificate == null) != (key == null)) {
                throw invalid("store URL: only one of tls_cert and tls_key (expected: both or none)");
            }
            boolean checksHost =
                    choice("tls_verify", "host", List.of("host", "ca")).equals("host");
            return new Tls(file("tls_ca"), certificate, key, checksHost);
        }

        private @Nullable Path file(String option) {
            String value = url.options().get(option);
            if (value == null) {
                return null;
            }
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw invalid("store URL option " + option + ": '" + value + "' is not a path");
            }
        }

        private Duration timeout() {
            String text = url.options().get("timeout");
            if (text == null) {
                return TIMEOUT_DEFAULT;
            }
            Matcher matcher = DURATION.matcher(text);
            if (matcher.matches()) {
                long amount = Long.parseLong(matcher.group(1));
                Duration timeout =
                        matcher.group(2).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
                if (timeout.compareTo(TIMEOUT_MIN) >= 0 && timeout.compareTo(TIMEOUT_MAX) <= 0) {
                    return timeout;
                }
            }
            throw invalid("store URL option timeout: '" + text + "' (expected: 100ms to 60s, such as 2s)");
        }

        private boolean readsReplicas() {
            return choice("read_from", "primary", List.of("primary", "replica")).equals("replica");
        }

        private int number(String option, int otherwise, int least, int most) {
            String text = url.options().get(option);
            if (text == null) {
                return otherwise;
            }
            if (text.matches("[0-9]{1,9}")) {
                int number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return number;
                }
            }
            throw invalid("store URL option " + option + ": '" + text + "' (expected: " + least + " to " + most + ")");
        }

        private String choice(String option, String otherwise, List<String> choices) {
            String text = url.options().getOrDefault(option, otherwise);
            if (!choices.contains(text)) {
                throw invalid("store URL option " + option + ": '" + text + "' (expected: "
                        + String.join(" or ", choices) + ")");
            }
            return text;
        }

        private void refuse(String option, String where) {
            if (url.options().containsKey(option)) {
                throw invalid("store URL option " + option + ": only with " + where);
            }
        }

        /** What may be shown: the servers, and the options without secrets. */
        private String redacted(List<NodeAddress> seeds, String path) {
            StringBuilder text = new StringBuilder(url.scheme()).append("://");
            text.append(url.rest().indexOf('@') >= 0 ? "***@" : "");
            text.append(
                    String.join(",", seeds.stream().map(NodeAddress::toString).toList()));
            if (!path.isEmpty()) {
                text.append('/').append(path);
            }
            char separator = '?';
            for (Map.Entry<String, String> option : new TreeMap<>(url.options()).entrySet()) {
                boolean secret = option.getKey().endsWith("password");
                text.append(separator).append(option.getKey()).append('=').append(secret ? "***" : option.getValue());
                separator = '&';
            }
            return text.toString();
        }

        private StoreException shape() {
            return invalid("store URL: names no host (expected: " + url.scheme() + "://"
                    + switch (url.scheme()) {
                        case "redis-sentinel" -> "host:26379,host,host/primary-name)";
                        case "redis-cluster" -> "host:6379,host:6379)";
                        default -> "host:6379)";
                    });
        }

        /** Not URLDecoder alone: in a password a plus sign is a plus sign. */
        private static String decode(String text) {
            try {
                return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw invalid("store URL: user or password has a '%' that encodes nothing (expected: %25)");
            }
        }

        private static StoreException invalid(String message) {
            return new StoreException(StoreException.Code.INVALID_URL, message);
        }
    }
}
