package io.penstock.store.cassandra;

import io.penstock.store.StoreException;
import io.penstock.store.StoreUrl;
import io.penstock.store.cassandra.connection.CassandraConfig;
import io.penstock.store.cassandra.connection.CassandraConfig.Contact;
import io.penstock.store.cassandra.connection.CassandraConfig.Login;
import io.penstock.store.cassandra.connection.CassandraConfig.Tls;
import io.penstock.store.cassandra.schema.Replication;
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

/** What a URL says; see docs/stores/cassandra.md. No message names anything before the {@code @}. */
final class CassandraUrl {
    static final String SCHEME = "cassandra";
    static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(2);
    static final Duration WRITE_TIMEOUT_DEFAULT = Duration.ofSeconds(5);
    static final Duration HEDGE_AFTER_DEFAULT = Duration.ofMillis(20);
    static final Duration TIMEOUT_MIN = Duration.ofMillis(100);
    static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);
    static final int PENDING_READS_DEFAULT = 16_384;
    static final int PENDING_READS_MIN = 16;
    static final int PENDING_READS_MAX = 1 << 20;

    static final String USER_VARIABLE = "PENSTOCK_CASSANDRA_USER";
    static final String PASSWORD_VARIABLE = "PENSTOCK_CASSANDRA_PASSWORD";

    private static final int PORT = 9042;
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?");
    private static final Pattern KEYSPACE = Pattern.compile("[a-z][a-z0-9_]{0,47}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s)");
    private static final Set<String> OPTIONS = Set.of(
            "dc",
            "replication",
            "timeout",
            "write_timeout",
            "hedge_after",
            "pending_reads",
            "tls",
            "tls_ca",
            "tls_cert",
            "tls_key",
            "tls_verify");

    private final StoreUrl url;
    private final Map<String, String> environment;

    private CassandraUrl(StoreUrl url, Map<String, String> environment) {
        this.url = url;
        this.environment = environment;
    }

    /**
     * Reads a URL, strictly.
     *
     * @param environment where user and password come from if the URL has none
     * @throws StoreException with {@code INVALID_URL}
     */
    static CassandraConfig parse(StoreUrl url, Map<String, String> environment) {
        return new CassandraUrl(url, environment).parse();
    }

    private CassandraConfig parse() {
        url.requireOptions(OPTIONS);
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
        if (slash < 0) {
            throw shape();
        }
        List<Contact> contacts = contacts(afterLogin.substring(0, slash));
        String keyspace = afterLogin.substring(slash + 1);
        if (!KEYSPACE.matcher(keyspace).matches()) {
            throw invalid(
                    "store URL: keyspace '" + keyspace + "' (expected: a lower-case letter and up to 47 of [a-z0-9_])");
        }
        Duration timeout = duration("timeout", TIMEOUT_DEFAULT, TIMEOUT_MIN);
        return new CassandraConfig(
                redacted(contacts, keyspace),
                contacts,
                keyspace,
                url.options().get("dc"),
                replication(),
                login(at < 0 ? "" : rest.substring(0, at)),
                tls(),
                timeout,
                duration("write_timeout", WRITE_TIMEOUT_DEFAULT, TIMEOUT_MIN),
                duration("hedge_after", HEDGE_AFTER_DEFAULT, Duration.ZERO),
                pendingReads());
    }

    /** A port after the last host is every host's that has none of its own. */
    private List<Contact> contacts(String hosts) {
        List<Matcher> found = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            Matcher matcher = HOST.matcher(host);
            if (!matcher.matches()) {
                throw host.isEmpty()
                        ? shape()
                        : invalid("store URL: host '" + host + "' (expected: name, name:port or [IPv6]:port)");
            }
            found.add(matcher);
        }
        String last = found.get(found.size() - 1).group(2);
        List<Contact> contacts = new ArrayList<>();
        for (Matcher matcher : found) {
            String name = matcher.group(1);
            String own = matcher.group(2) == null ? last : matcher.group(2);
            int port = own == null ? PORT : Integer.parseInt(own);
            if (port < 1 || port > 65_535) {
                throw invalid("store URL: port " + port + " (expected: 1 to 65535)");
            }
            contacts.add(new Contact(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, port));
        }
        return contacts;
    }

    private @Nullable Replication replication() {
        String text = url.options().get("replication");
        if (text == null) {
            return null;
        }
        try {
            return Replication.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("store URL option replication: " + e.getMessage());
        }
    }

    private Login login(String text) {
        int colon = text.indexOf(':');
        String user = decode(colon < 0 ? text : text.substring(0, colon));
        String password = colon < 0 ? "" : decode(text.substring(colon + 1));
        String name = user.isEmpty() ? environment.getOrDefault(USER_VARIABLE, "") : user;
        String secret = password.isEmpty() ? environment.getOrDefault(PASSWORD_VARIABLE, "") : password;
        if (name.isEmpty() != secret.isEmpty()) {
            throw invalid("store URL: only one of user and password (expected: cassandra://user:password@host, or "
                    + USER_VARIABLE + " and " + PASSWORD_VARIABLE + ")");
        }
        return secret.isEmpty() ? Login.NONE : new Login(name, secret);
    }

    private @Nullable Tls tls() {
        if (choice("tls", "false", List.of("true", "false")).equals("false")) {
            for (String option : List.of("tls_ca", "tls_cert", "tls_key", "tls_verify")) {
                if (url.options().containsKey(option)) {
                    throw invalid("store URL option " + option + ": only with tls=true");
                }
            }
            return null;
        }
        Path certificate = file("tls_cert");
        Path key = file("tls_key");
        if ((certificate == null) != (key == null)) {
            throw invalid("store URL: only one of tls_cert and tls_key (expected: both or none)");
        }
        boolean checksHost = choice("tls_verify", "host", List.of("host", "ca")).equals("host");
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

    private Duration duration(String option, Duration otherwise, Duration least) {
        String text = url.options().get(option);
        if (text == null) {
            return otherwise;
        }
        Matcher matcher = DURATION.matcher(text);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration duration = matcher.group(2).equals("s") ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
            if (duration.compareTo(least) >= 0 && duration.compareTo(TIMEOUT_MAX) <= 0) {
                return duration;
            }
        }
        throw invalid("store URL option " + option + ": '" + text + "' (expected: " + least.toMillis()
                + "ms to 60s, such as " + otherwise.toMillis() + "ms)");
    }

    private int pendingReads() {
        String text = url.options().get("pending_reads");
        if (text == null) {
            return PENDING_READS_DEFAULT;
        }
        if (text.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= PENDING_READS_MIN && number <= PENDING_READS_MAX) {
                return number;
            }
        }
        throw invalid("store URL option pending_reads: '" + text + "' (expected: " + PENDING_READS_MIN + " to "
                + PENDING_READS_MAX + ")");
    }

    private String choice(String option, String otherwise, List<String> choices) {
        String text = url.options().getOrDefault(option, otherwise);
        if (!choices.contains(text)) {
            throw invalid(
                    "store URL option " + option + ": '" + text + "' (expected: " + String.join(" or ", choices) + ")");
        }
        return text;
    }

    /** What may be shown: nodes, keyspace and options, of which none is secret. */
    private String redacted(List<Contact> contacts, String keyspace) {
        StringBuilder text = new StringBuilder(SCHEME).append("://");
        text.append(url.rest().indexOf('@') >= 0 ? "***@" : "");
        text.append(String.join(",", contacts.stream().map(Contact::toString).toList()));
        text.append('/').append(keyspace);
        char separator = '?';
        for (Map.Entry<String, String> option : new TreeMap<>(url.options()).entrySet()) {
            text.append(separator).append(option.getKey()).append('=').append(option.getValue());
            separator = '&';
        }
        return text.toString();
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid("store URL: user or password is not URL-encoded (expected: % as %25)");
        }
    }

    private static StoreException shape() {
        return invalid("store URL: no host or no keyspace (expected: cassandra://host[,host…]:9042/keyspace?dc=…)");
    }

    private static StoreException invalid(String message) {
        return new StoreException(StoreException.Code.INVALID_URL, message);
    }
}
