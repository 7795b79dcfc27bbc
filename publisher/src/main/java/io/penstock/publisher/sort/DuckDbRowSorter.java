package io.penstock.publisher.sort;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.internal.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Properties;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/**
 * Sorts with an embedded DuckDB: rows are appended to a table of an in-memory database and read back with ORDER BY. A
 * database file would be written durably, which nobody needs and costs several times the sort. Both table and sort spill, so that what stays in memory is the engine's limit. Hashes are stored with their top
 * bit flipped: then the order of signed numbers is the unsigned order.
 */
final class DuckDbRowSorter implements RowSorter {
    private final TemporaryDirectory directory;
    private final DuckDBConnection connection;
    private final LargeValues largeValues;
    private @Nullable DuckDBAppender appender;
    private @Nullable SortedRows sorted;
    private long rows;
    private long bytes;
    private boolean closed;

    private DuckDbRowSorter(
            TemporaryDirectory directory,
            DuckDBConnection connection,
            LargeValues largeValues,
            DuckDBAppender appender) {
        this.directory = directory;
        this.connection = connection;
        this.largeValues = largeValues;
        this.appender = appender;
    }

    static DuckDbRowSorter open(SortOptions options) {
        TemporaryDirectory directory;
        try {
            directory = TemporaryDirectory.create(options.directory(), "penstock-sort-");
        } catch (IOException e) {
            throw new PublisherException(
                    Category.USAGE,
                    "SORT_DIRECTORY",
                    "cannot create a directory to sort in under " + options.directory()
                            + ": make it writable, or name another one",
                    e);
        }
        DuckDBConnection connection = null;
        LargeValues largeValues = null;
        try {
            connection = connect(directory.path(), options);
            largeValues = LargeValues.create(directory.path().resolve("large-values"));
            return new DuckDbRowSorter(directory, connection, largeValues, connection.createAppender("rows"));
        } catch (SQLException | IOException e) {
            closeQuietly(largeValues);
            closeQuietly(connection);
            directory.close();
            throw failure(directory.path(), e);
        }
    }

    private static DuckDBConnection connect(Path directory, SortOptions options) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
        properties.setProperty("memory_limit", options.memoryBytes() + "B");
        properties.setProperty("threads", Integer.toString(options.threads()));
        properties.setProperty("temp_directory", directory.resolve("spill").toString());
        properties.setProperty("preserve_insertion_order", "false");
        properties.setProperty("autoinstall_known_extensions", "false");
        Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", properties);
        if (connection == null) {
            throw new SQLException("the DuckDB driver does not know its own URL");
        }
        DuckDBConnection duckDb = connection.unwrap(DuckDBConnection.class);
        try (Statement statement = duckDb.createStatement()) {
            if (options.spillBytesMax() > 0) {
                statement.execute("SET max_temp_directory_size='" + options.spillBytesMax() + "B'");
            }
            statement.execute(
                    "CREATE TABLE rows (hash BIGINT NOT NULL, key BLOB NOT NULL, value BLOB, place BIGINT NOT NULL, length INTEGER NOT NULL, number BIGINT NOT NULL)");
        } catch (SQLException e) {
            closeQuietly(duckDb);
            throw e;
        }
        return duckDb;
    }

    @Override
    public void add(long hash, byte[] key, byte[] value, long rowNumber) {
        DuckDBAppender open = appender;
        if (open == null) {
            throw new IllegalStateException("the sorter is " + (closed ? "closed" : "being read"));
        }
        try {
            open.beginRow().append(hash ^ Long.MIN_VALUE).append(key);
            if (value.length < LargeValues.VALUE_BYTES_MIN) {
                open.append(value).append(0L);
            } else {
                open.appendNull().append(largeValues.append(value));
            }
            open.append(value.length).append(rowNumber).endRow();
        } catch (SQLException | IOException e) {
            throw failure(directory.path(), e);
        }
        rows++;
        bytes += key.length + value.length;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public SortedRows sorted() {
        DuckDBAppender open = appender;
        if (open == null) {
            throw new IllegalStateException("the sorter is " + (closed ? "closed" : "being read"));
        }
        appender = null;
        try {
            open.close();
            sorted = new DuckDbSortedRows(directory.path(), connection, largeValues);
            return sorted;
        } catch (SQLException e) {
            throw failure(directory.path(), e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (sorted != null) {
            sorted.close();
        }
        closeQuietly(appender);
        appender = null;
        closeQuietly(connection);
        closeQuietly(largeValues);
        directory.close();
    }

    static PublisherException failure(Path directory, Exception e) {
        String message = String.valueOf(e.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left")
                || lower.contains("not enough space")
                || lower.contains("max_temp_directory_size")
                || lower.contains("failed to offload")) {
            return new PublisherException(
                    Category.REFUSED,
                    "SORT_SPACE",
                    "no space left to sort in " + directory.getParent()
                            + ": free some (about three times the rows' bytes are needed), or name another directory",
                    e);
        }
        return new PublisherException(
                Category.INTERNAL, "SORT_FAILED", "sorting in " + directory + " failed: " + message, e);
    }

    private static void closeQuietly(@Nullable AutoCloseable resource) {
        if (resource == null) {
            return;
        }
        try {
            resource.close();
        } catch (Exception e) {
            // The files are removed next; nothing of value can be lost with them.
        }
    }
}
