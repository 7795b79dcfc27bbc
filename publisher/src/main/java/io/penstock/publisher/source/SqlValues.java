package io.penstock.publisher.source;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.convert.StructValue;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;

/** Brings what JDBC drivers return to the classes the conversion knows, inside lists, structs and maps too. */
final class SqlValues {
    /** Before it, {@link Timestamp} counts days in another calendar. */
    private static final LocalDateTime GREGORIAN = LocalDateTime.of(1583, 1, 1, 0, 0);

    private SqlValues() {}

    static @Nullable Object canonical(@Nullable Object value) throws SQLException {
        if (value == null || value instanceof Number || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        }
        if (value instanceof ZonedDateTime time) {
            return time.toInstant();
        }
        if (value instanceof Array array) {
            return list(array.getArray());
        }
        if (value instanceof Object[]) {
            return list(value);
        }
        if (value instanceof DuckDBStruct struct) {
            return struct(struct);
        }
        if (value instanceof Map<?, ?> map) {
            return map(map);
        }
        if (value instanceof List<?> elements) {
            return list(elements.toArray());
        }
        if (value instanceof Blob blob) {
            return blob.getBytes(1, Math.toIntExact(blob.length()));
        }
        if (value instanceof Clob clob) {
            return clob.getSubString(1, Math.toIntExact(clob.length()));
        }
        if (value instanceof JsonNode json) {
            return json.toString();
        }
        if (value instanceof Timestamp timestamp) {
            return zoneless(timestamp);
        }
        if (value instanceof Date date) {
            return date.toLocalDate();
        }
        return value instanceof Time time ? time.toLocalTime() : value;
    }

    /**
     * A {@link Timestamp} holds local time in the JVM's zone, so in a zone that changes its clocks it cannot hold all of
     * UTC: an hour would be moved without a word. A column of its own is read in another way; only what is nested comes here.
     */
    private static LocalDateTime zoneless(Timestamp timestamp) {
        LocalDateTime local = timestamp.toLocalDateTime();
        if (!ZoneId.systemDefault().getRules().isFixedOffset() || local.isBefore(GREGORIAN)) {
            throw new SourceException(
                    Category.REFUSED,
                    "NESTED_TIMESTAMP",
                    "a TIMESTAMP without time zone inside a list, struct or map cannot be read exactly"
                            + (local.isBefore(GREGORIAN)
                                    ? " before the year 1583"
                                    : " in the JVM's time zone " + ZoneId.systemDefault())
                            + ": cast it to TIMESTAMP WITH TIME ZONE in the query, or run with -Duser.timezone=UTC");
        }
        return local;
    }

    private static List<@Nullable Object> list(Object array) throws SQLException {
        int length = java.lang.reflect.Array.getLength(array);
        List<@Nullable Object> elements = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            elements.add(canonical(java.lang.reflect.Array.get(array, i)));
        }
        return Collections.unmodifiableList(elements);
    }

    private static StructValue struct(DuckDBStruct struct) throws SQLException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (Map.Entry<String, Object> member : struct.getMap().entrySet()) {
            members.put(member.getKey(), canonical(member.getValue()));
        }
        return new StructValue(members);
    }

    private static Map<@Nullable Object, @Nullable Object> map(Map<?, ?> map) throws SQLException {
        Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            entries.put(canonical(entry.getKey()), canonical(entry.getValue()));
        }
        return entries;
    }
}
