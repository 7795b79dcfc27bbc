package io.penstock.publisher.sort;

import io.penstock.publisher.internal.DuckDbErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The ordered read of a {@link DuckDbRowSorter}, streamed. */
final class DuckDbSortedRows implements SortedRows {
    private static final String QUERY =
            "SELECT hash, key, value, place, length, number FROM rows ORDER BY hash, key, number";

    private final Path directory;
    private final LargeValues largeValues;
    private final Statement statement;
    private final ResultSet result;
    private boolean closed;

    DuckDbSortedRows(Path directory, Connection connection, LargeValues largeValues) throws SQLException {
        this.directory = directory;
        this.largeValues = largeValues;
        this.statement = connection.createStatement();
        try {
            this.result = statement.executeQuery(QUERY);
        } catch (SQLException e) {
            throw DuckDbErrors.cause(connection, QUERY, e);
        }
    }

    @Override
    public boolean next() {
        try {
            return result.next();
        } catch (SQLException e) {
            throw DuckDbRowSorter.failure(directory, e);
        }
    }

    @Override
    public long hash() {
        try {
            return result.getLong(1) ^ Long.MIN_VALUE;
        } catch (SQLException e) {
            throw DuckDbRowSorter.failure(directory, e);
        }
    }

    @Override
    public byte[] key() {
        return bytes(2);
    }

    @Override
    public byte[] value() {
        try {
            int length = result.getInt(5);
            return length < LargeValues.VALUE_BYTES_MIN ? bytes(3) : largeValues.read(result.getLong(4), length);
        } catch (SQLException | IOException e) {
            throw DuckDbRowSorter.failure(directory, e);
        }
    }

    private byte[] bytes(int column) {
        try {
            return result.getBytes(column);
        } catch (SQLException e) {
            throw DuckDbRowSorter.failure(directory, e);
        }
    }

    @Override
    public long rowNumber() {
        try {
            return result.getLong(6);
        } catch (SQLException e) {
            throw DuckDbRowSorter.failure(directory, e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            statement.close();
        } catch (SQLException e) {
            // The database is thrown away next.
        }
    }
}
