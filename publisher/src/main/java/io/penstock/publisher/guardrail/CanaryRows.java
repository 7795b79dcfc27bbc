package io.penstock.publisher.guardrail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Picks the rows of the canary keys out of those that pass. Holds only these. Not thread-safe. */
public final class CanaryRows {
    private final Map<ByteBuffer, String> wanted = new HashMap<>();
    private final Map<String, byte[]> found = new LinkedHashMap<>();
    private final Set<String> removed = new HashSet<>();

    /** @param keys as callers write them */
    public CanaryRows(Set<String> keys) {
        keys.forEach(key -> wanted.put(ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)), key));
    }

    /** Is shown every row. */
    public void pass(byte[] key, byte[] value) {
        if (wanted.isEmpty()) {
            return;
        }
        String name = wanted.get(ByteBuffer.wrap(key));
        if (name != null) {
            found.put(name, value);
        }
    }

    /** Is shown every key that the source removes. */
    public void removed(byte[] key) {
        String name = wanted.get(ByteBuffer.wrap(key));
        if (name != null) {
            removed.add(name);
        }
    }

    /** Keys of which nothing was shown. */
    public Set<String> missing() {
        Set<String> missing = new LinkedHashSet<>(wanted.values());
        missing.removeAll(found.keySet());
        missing.removeAll(removed);
        return missing;
    }

    /** The rows that passed, by key. */
    public Map<String, byte[]> found() {
        return found;
    }
}
