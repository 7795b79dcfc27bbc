package io.penstock.store.redis.connection;

import io.penstock.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server answered, when it was not an error.
 *
 * @param value null, a {@code byte[]}, a {@code Long} or a {@code List} of those; a map is a list of keys and values in
 *     turn
 */
public record Reply(@Nullable Object value) {
    public boolean isNull() {
        return value == null;
    }

    /** The string answered, or null. */
    public byte @Nullable [] bytes() {
        if (value == null || value instanceof byte[]) {
            return (byte[]) value;
        }
        throw unexpected("a string");
    }

    /** The string answered. */
    public String text() {
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        throw unexpected("a string");
    }

    /** The number answered, whether as an integer or in digits. */
    public long integer() {
        if (value instanceof Long number) {
            return number;
        }
        if (value instanceof byte[]) {
            try {
                return Long.parseLong(text());
            } catch (NumberFormatException e) {
                throw unexpected("a number");
            }
        }
        throw unexpected("a number");
    }

    /** The elements answered. */
    public List<Reply> list() {
        if (value instanceof List<?> elements) {
            List<Reply> replies = new ArrayList<>(elements.size());
            for (Object element : elements) {
                replies.add(new Reply(element));
            }
            return replies;
        }
        throw unexpected("a list");
    }

    /** The list answered as a map with text for keys. */
    public Map<String, Reply> map() {
        List<Reply> elements = list();
        Map<String, Reply> map = new HashMap<>();
        for (int i = 0; i + 1 < elements.size(); i += 2) {
            map.put(elements.get(i).text(), elements.get(i + 1));
        }
        return map;
    }

    private StoreException unexpected(String expected) {
        String type = value == null ? "nothing" : value.getClass().getSimpleName();
        return new StoreException(
                StoreException.Code.INTERNAL, "Redis answered " + type + " (expected: " + expected + ")");
    }
}
