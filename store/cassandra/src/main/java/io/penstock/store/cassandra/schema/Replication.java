package io.penstock.store.cassandra.schema;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How many copies of everything each data centre keeps.
 *
 * @param copies by data centre; {@link #LOCAL} stands for the one this process is in
 */
public record Replication(Map<String, Integer> copies) {
    /** The data centre that the URL or the contact points say. */
    public static final String LOCAL = "";

    private static final int COPIES_MAX = 16;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,2}");
    private static final Pattern DATA_CENTRE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public Replication {
        copies = Map.copyOf(copies);
    }

    /**
     * Reads {@code 3} or {@code east:3,west:2}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static Replication parse(String text) {
        Map<String, Integer> copies = new TreeMap<>();
        for (String part : text.split(",", -1)) {
            int colon = part.lastIndexOf(':');
            String name = colon < 0 ? LOCAL : part.substring(0, colon);
            String number = part.substring(colon + 1);
            boolean isNamed = DATA_CENTRE.matcher(name).matches();
            if (!NUMBER.matcher(number).matches()
                    || Integer.parseInt(number) < 1
                    || Integer.parseInt(number) > COPIES_MAX
                    || (colon < 0 ? text.indexOf(',') >= 0 : !isNamed)
                    || copies.put(name, Integer.parseInt(number)) != null) {
                throw new IllegalArgumentException(
                        "'" + text + "' (expected: 1 to " + COPIES_MAX + " copies, such as 3, or east:3,west:3)");
            }
        }
        return new Replication(copies);
    }

    /** What a keyspace's metadata say; empty for a strategy that does not count copies. */
    static Replication ofKeyspace(Map<String, String> options) {
        Map<String, Integer> copies = new TreeMap<>();
        options.forEach((name, value) -> {
            int slash = value.indexOf('/'); // transient copies are not copies
            String number = slash < 0 ? value : value.substring(0, slash);
            if (!name.equals("class") && NUMBER.matcher(number).matches()) {
                copies.put(name, Integer.parseInt(number));
            }
        });
        copies.values().removeIf(number -> number == 0);
        return new Replication(copies);
    }

    /** This with {@link #LOCAL} named. */
    Replication in(String dataCentre) {
        Map<String, Integer> named = new TreeMap<>();
        copies.forEach((name, number) -> named.put(name.equals(LOCAL) ? dataCentre : name, number));
        return new Replication(named);
    }

    /** As CQL wants it. */
    String toCql() {
        return "{'class': 'NetworkTopologyStrategy'"
                + new TreeMap<>(copies)
                        .entrySet().stream()
                                .map(entry -> ", '" + entry.getKey() + "': " + entry.getValue())
                                .collect(Collectors.joining())
                + "}";
    }

    /** As the URL has it. */
    @Override
    public String toString() {
        return new TreeMap<>(copies)
                .entrySet().stream()
                        .map(entry -> entry.getKey().equals(LOCAL)
                                ? entry.getValue().toString()
                                : entry.getKey() + ":" + entry.getValue())
                        .collect(Collectors.joining(","));
    }
}
