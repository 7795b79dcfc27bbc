package io.penstock.publisher.source;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Locale;

/**
 * Says what a database's error means to a publication. The exception itself is not passed on as a cause: its message may
 * hold values and passwords.
 */
final class SqlFailures {
    private final SqlDialect dialect;
    private final String shownUrl;
    private final Redaction redaction;

    SqlFailures(JdbcSourceConfig config) {
        this.dialect = SqlDialect.of(config.url());
        this.shownUrl = Redaction.url(config.url());
        this.redaction = config.redaction();
    }

    SourceException connecting(SQLException e) {
        String message = redaction.databaseMessage(String.valueOf(e.getMessage()), shownUrl);
        String state = state(e);
        if (dialect == SqlDialect.DUCKDB) {
            boolean locked = message.contains("lock on file");
            return new SourceException(
                    locked ? Category.UNAVAILABLE : Category.USAGE,
                    locked ? "SOURCE_UNREACHABLE" : "SOURCE_CONFIGURATION",
                    "cannot open " + shownUrl + ": " + message);
        }
        if (state.startsWith("28") || state.startsWith("3D")) {
            return new SourceException(
                    Category.USAGE,
                    "SOURCE_CONFIGURATION",
                    "cannot connect to " + shownUrl + ": " + message
                            + " (check user, password and database under source.properties)");
        }
        return new SourceException(
                Category.UNAVAILABLE, "SOURCE_UNREACHABLE", "cannot connect to " + shownUrl + ": " + message);
    }

    SourceException querying(SQLException e, SqlText sql, String name) {
        String raw = String.valueOf(e.getMessage());
        String message = redaction.databaseMessage(raw, sql.statement());
        if (isUnavailable(e, raw)) {
            return new SourceException(
                    Category.UNAVAILABLE,
                    "SOURCE_UNREACHABLE",
                    name + ": reading from " + shownUrl + " failed: " + message);
        }
        if (dialect == SqlDialect.DUCKDB && raw.startsWith("Out of Memory")) {
            return new SourceException(
                    Category.REFUSED,
                    "SOURCE_MEMORY",
                    name + ": the query needs more memory than DuckDB may use: set source.properties.memory_limit ("
                            + message + ")");
        }
        return new SourceException(Category.REFUSED, "SQL_ERROR", name + ": " + message);
    }

    private boolean isUnavailable(SQLException e, String message) {
        if (e instanceof SQLTransientException || e instanceof SQLRecoverableException) {
            return true;
        }
        if (dialect == SqlDialect.DUCKDB) {
            String lower = message.toLowerCase(Locale.ROOT);
            return lower.startsWith("http error") || lower.contains("lock on file");
        }
        String state = state(e);
        return state.startsWith("08") || state.startsWith("40") || state.startsWith("53") || state.startsWith("57");
    }

    private static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null ? "" : state;
    }
}
