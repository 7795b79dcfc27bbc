package io.penstock.testkit;

import com.google.protobuf.Message;
import io.penstock.contract.Contract;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What each version was published from, so that a few rows can be changed. Confined to the kit's lock. */
final class PublishedRows {
    private final Map<Long, Map<String, Message>> byGeneration = new HashMap<>();

    void remember(long generation, Contract contract, List<Message> rows) {
        byGeneration.putIfAbsent(generation, byKey(contract, rows));
    }

    /** The rows of a version with some replaced or added. */
    List<Message> with(long generation, Contract contract, Collection<? extends Message> changed) {
        Map<String, Message> rows = rows(generation);
        rows.putAll(byKey(contract, changed));
        return List.copyOf(rows.values());
    }

    /** The rows of a version without those that have the keys of some. */
    List<Message> without(long generation, Contract contract, Collection<? extends Message> removed) {
        Map<String, Message> rows = rows(generation);
        rows.keySet().removeAll(byKey(contract, removed).keySet());
        return List.copyOf(rows.values());
    }

    private Map<String, Message> rows(long generation) {
        return new LinkedHashMap<>(byGeneration.getOrDefault(generation, Map.of()));
    }

    private static Map<String, Message> byKey(Contract contract, Collection<? extends Message> rows) {
        Map<String, Message> byKey = new LinkedHashMap<>();
        for (Message row : rows) {
            byKey.put(contract.keyEncoding().encode(row), row);
        }
        return byKey;
    }
}
