package io.penstock.store;

import java.util.regex.Pattern;

/**
 * A dataset in its namespace. Both names are safe inside key names: no colon, no brace, no upper case.
 *
 * @param namespace 1 to 63 characters of {@code [a-z0-9.-]}
 * @param name {@code <product>.v<major>}, 1 to 128 characters of {@code [a-z0-9.-]}
 */
public record DatasetId(String namespace, String name) implements Comparable<DatasetId> {
    private static final int NAMESPACE_CHARS_MAX = 63;
    private static final int NAME_CHARS_MAX = 128;
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9.-]+");

    public DatasetId {
        requireNamespace(namespace);
        requireName(name);
    }

    /**
     * Returns the namespace if it can be one.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public static String requireNamespace(String namespace) {
        return require("namespace", namespace, NAMESPACE_CHARS_MAX);
    }

    /**
     * Returns the dataset's name if it can be one.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public static String requireName(String name) {
        return require("dataset", name, NAME_CHARS_MAX);
    }

    private static String require(String what, String value, int maxChars) {
        if (value.length() > maxChars || !ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    what + ": '" + value + "' (expected: 1 to " + maxChars + " characters of [a-z0-9.-])");
        }
        return value;
    }

    @Override
    public int compareTo(DatasetId other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** {@code namespace/name}, as callers write it. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
