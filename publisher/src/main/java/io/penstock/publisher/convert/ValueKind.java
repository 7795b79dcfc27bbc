package io.penstock.publisher.convert;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What to call a value in an error, in SQL's words. Never the value itself. */
final class ValueKind {
    private ValueKind() {}

    static String of(Object value) {
        if (value instanceof Boolean) {
            return "BOOLEAN";
        }
        if (value instanceof BigInteger) {
            return "HUGEINT";
        }
        if (value instanceof Byte || value instanceof Short || value instanceof Integer || value instanceof Long) {
            return "INTEGER";
        }
        if (value instanceof Float || value instanceof Double) {
            return value instanceof Float ? "REAL" : "DOUBLE";
        }
        if (value instanceof BigDecimal) {
            return "DECIMAL";
        }
        if (value instanceof String || value instanceof UUID) {
            return value instanceof String ? "VARCHAR" : "UUID";
        }
        if (value instanceof byte[]) {
            return "BLOB";
        }
        if (value instanceof LocalDate || value instanceof LocalTime) {
            return value instanceof LocalDate ? "DATE" : "TIME";
        }
        if (value instanceof LocalDateTime || value instanceof Instant) {
            return value instanceof Instant ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
        }
        if (value instanceof Duration) {
            return "INTERVAL";
        }
        if (value instanceof List || value instanceof Map) {
            return value instanceof List ? "LIST" : "MAP";
        }
        return value instanceof StructValue ? "STRUCT" : value.getClass().getSimpleName() + " (cast it in the query)";
    }
}
