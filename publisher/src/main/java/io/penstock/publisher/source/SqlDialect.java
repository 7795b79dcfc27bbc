package io.penstock.publisher.source;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What has to be said differently to one database, so that results stream and zoneless times are UTC. */
enum SqlDialect {
    DUCKDB(0, "SET TimeZone='UTC'"),
    POSTGRESQL(SqlDialect.FETCH_ROWS, "SET TIME ZONE 'UTC'"),
    /** Its driver streams only when asked with this number. */
    MYSQL(Integer.MIN_VALUE, "SET time_zone = '+00:00'"),
    OTHER(SqlDialect.FETCH_ROWS, null);

    /** How many rows a driver may hold at once. */
    private static final int FETCH_ROWS = 4_096;

    private final int fetchSize;
    private final @Nullable String sessionStatement;

    SqlDialect(int fetchSize, @Nullable String sessionStatement) {
        this.fetchSize = fetchSize;
        this.sessionStatement = sessionStatement;
    }

    static SqlDialect of(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        if (lower.startsWith("jdbc:duckdb:")) {
            return DUCKDB;
        }
        if (lower.startsWith("jdbc:postgresql:")) {
            return POSTGRESQL;
        }
        return lower.startsWith("jdbc:mysql:") ? MYSQL : OTHER;
    }

    /** 0: the driver streams by itself. */
    int fetchSize() {
        return fetchSize;
    }

    /** Makes the session's time zone UTC; null: nothing to say. */
    @Nullable
    String sessionStatement() {
        return sessionStatement;
    }
}
