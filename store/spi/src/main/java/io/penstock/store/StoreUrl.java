package io.penstock.store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A store's URL, {@code scheme:rest[?option=value[&…]]}, split but not interpreted: what {@code rest} means is the
 * backend's business.
 *
 * @param scheme lower case
 * @param rest everything between the scheme's colon and the question mark, as written
 * @param options decoded, in the order written
 */
public record StoreUrl(String scheme, String rest, Map<String, String> options) {
    private static final Pattern SHAPE = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):([^?]*)(?:\\?(.*))?");

    public StoreUrl {
        options = Map.copyOf(options);
    }

    /**
     * Splits a URL.
     *
     * @throws StoreException with {@code INVALID_URL}
     */
    public static StoreUrl parse(String url) {
        Matcher matcher = SHAPE.matcher(url.strip());
        if (!matcher.matches()) {
            throw new StoreException(
                    StoreException.Code.INVALID_URL,
                    "store URL: '" + withoutUserInfo(url) + "' (expected: scheme:…, such as lmdb:./store)");
        }
        Map<String, String> options = new LinkedHashMap<>();
        String query = matcher.group(3);
        if (query != null && query.indexOf('@') >= 0) {
            throw new StoreException(
                    StoreException.Code.INVALID_URL,
                    "store URL: an @ after the question mark (expected: in user and password ? as %3F, @ as %40, / as"
                            + " %2F; in an option @ as %40)");
        }
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                if (equals <= 0) {
                    throw new StoreException(
                            StoreException.Code.INVALID_URL, "store URL option: '" + pair + "' (expected: name=value)");
                }
                options.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return new StoreUrl(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2), options);
    }

    /**
     * Refuses options the backend does not have, so that a misspelt one is not silently ignored.
     *
     * @throws StoreException with {@code INVALID_URL}, naming the options there are
     */
    public void requireOptions(Set<String> known) {
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                throw new StoreException(
                        StoreException.Code.INVALID_URL,
                        "store URL option: '" + name + "' (expected: one of " + new TreeSet<>(known) + ")");
            }
        }
    }

    /** The URL with whatever could be a password replaced by {@code ***}. */
    public String redacted() {
        String safeRest = withoutUserInfo(rest);
        StringBuilder text = new StringBuilder(scheme).append(':').append(safeRest);
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            boolean secret =
                    option.getKey().contains("password") || option.getKey().contains("secret");
            text.append(separator).append(option.getKey()).append('=').append(secret ? "***" : option.getValue());
            separator = '&';
        }
        return text.toString();
    }

    /** Up to the last @, because what stands before it may be a password that was not encoded. */
    private static String withoutUserInfo(String text) {
        int from = text.indexOf("//");
        int end = text.lastIndexOf('@');
        return from >= 0 && end > from ? text.substring(0, from) + "//***" + text.substring(end) : text;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new StoreException(
                    StoreException.Code.INVALID_URL, "store URL option: '" + text + "' is not URL-encoded", e);
        }
    }

    @Override
    public String toString() {
        return redacted();
    }
}
