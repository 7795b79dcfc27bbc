package io.penstock.publisher.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/**
 * Finds out what went wrong: when a streaming query fails before its first row, the driver says "Invalid result set" and
 * loses the reason. Executed once more for its plan alone, it fails with the reason and returns no rows if it does not.
 */
public final class DuckDbErrors {
    private static final String PREFIX = "EXPLAIN ANALYZE ";
    private static final Pattern QUOTED_LINE =
            Pattern.compile("(?m)^(LINE 1: )" + PREFIX + "(.*\\R) {" + PREFIX.length() + "}( *\\^)");

    private DuckDbErrors() {}

    /** The failure that hides behind another one, or that one. May take as long as the query. */
    public static SQLException cause(Connection connection, String query, SQLException failure) {
        if (!String.valueOf(failure.getMessage()).contains("Invalid result set")) {
            return failure;
        }
        try (Statement statement = connection.createStatement()) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
            statement.execute(PREFIX + query);
            return failure;
        } catch (SQLException e) {
            return new SQLException(withoutPrefix(String.valueOf(e.getMessage())), e.getSQLState(), e);
        }
    }

    /** The message quotes the line it is about and marks a place in it; our own words must not be there. */
    private static String withoutPrefix(String message) {
        return QUOTED_LINE.matcher(message).replaceFirst("$1$2$3");
    }
}
