package io.penstock.store.redis.health;

import io.penstock.store.redis.connection.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a server's {@code INFO} says, field by field. */
record ServerInfo(Map<String, String> fields) {
    static ServerInfo of(List<Reply> sections) {
        Map<String, String> fields = new HashMap<>();
        for (Reply section : sections) {
            for (String line : section.text().split("\r\n", -1)) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    fields.put(line.substring(0, colon), line.substring(colon + 1));
                }
            }
        }
        return new ServerInfo(fields);
    }

    /** The field's text, empty if the server has no such field. */
    String text(String field) {
        return fields.getOrDefault(field, "");
    }

    /** The field's number, 0 if the server has no such field. */
    long number(String field) {
        String text = text(field);
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
