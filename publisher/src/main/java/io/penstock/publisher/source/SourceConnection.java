package io.penstock.publisher.source;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.internal.DuckDbErrors;
import io.penstock.publisher.internal.TemporaryDirectory;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import org.duckdb.DuckDBDriver;
import org.jspecify.annotations.Nullable;

/** A connection for reading, with what has to be given back with it: the driver's class loader, DuckDB's spill files. */
final class SourceConnection implements AutoCloseable {
    private static final String DUCKDB_PREFIX = "jdbc:duckdb:";
    /** What the embedded DuckDB may use before it spills; its own default is most of the machine. */
    private static final String DUCKDB_MEMORY_DEFAULT = "512MiB";

    private final JdbcSourceConfig config;
    private final SqlDialect dialect;
    private @Nullable URLClassLoader drivers;
    private @Nullable TemporaryDirectory spill;
    private @Nullable Connection connection;

    private SourceConnection(JdbcSourceConfig config) {
        this.config = config;
        this.dialect = SqlDialect.of(config.url());
    }

    /**
     * Connects.
     *
     * @throws SourceException if there is no driver, no database, or no way in
     */
    static SourceConnection open(JdbcSourceConfig config, SqlFailures failures) {
        SourceConnection opening = new SourceConnection(config);
        try {
            opening.connect();
            return opening;
        } catch (SQLException e) {
            opening.close();
            throw failures.connecting(e);
        } catch (RuntimeException e) {
            opening.close();
            throw e;
        }
    }

    /** A statement whose results stream. */
    Statement createStatement() throws SQLException {
        if (connection == null) {
            throw new IllegalStateException("the connection is closed");
        }
        Statement statement = connection.createStatement();
        if (dialect.fetchSize() != 0) {
            statement.setFetchSize(dialect.fetchSize());
        }
        return statement;
    }

    /** The failure of a query, found out if the driver hides it. */
    SQLException cause(String query, SQLException failure) {
        return dialect == SqlDialect.DUCKDB && connection != null
                ? DuckDbErrors.cause(connection, query, failure)
                : failure;
    }

    private void connect() throws SQLException {
        Driver driver = findDriver();
        String url = dialect == SqlDialect.DUCKDB ? duckDbUrl() : config.url();
        Connection opened = driver.connect(url, properties(url));
        if (opened == null) {
            throw noDriver();
        }
        connection = opened;
        if (dialect != SqlDialect.DUCKDB) {
            setReadOnly(opened);
        }
        try (Statement statement = opened.createStatement()) {
            if (dialect.sessionStatement() != null) {
                statement.execute(dialect.sessionStatement());
            }
            if (dialect == SqlDialect.DUCKDB) {
                statement.execute(
                        "SET file_search_path='" + config.directory().toString().replace("'", "''") + "'");
            }
        }
        // Without a transaction some drivers read the whole result into memory.
        opened.setAutoCommit(false);
    }

    private static void setReadOnly(Connection connection) throws SQLException {
        try {
            connection.setReadOnly(true);
        } catch (SQLFeatureNotSupportedException e) {
            // It is a hint: the query decides what happens.
        }
    }

    private Driver findDriver() throws SQLException {
        if (dialect == SqlDialect.DUCKDB) {
            return new DuckDBDriver();
        }
        if (!config.driverPath().isEmpty()) {
            drivers = new URLClassLoader(driverUrls(), SourceConnection.class.getClassLoader());
            for (Driver driver : ServiceLoader.load(Driver.class, drivers)) {
                if (driver.acceptsURL(config.url())) {
                    return driver;
                }
            }
        }
        Optional<Driver> known = DriverManager.drivers().filter(this::accepts).findFirst();
        return known.orElseThrow(this::noDriver);
    }

    private boolean accepts(Driver driver) {
        try {
            return driver.acceptsURL(config.url());
        } catch (SQLException e) {
            return false;
        }
    }

    private URL[] driverUrls() {
        URL[] urls = new URL[config.driverPath().size()];
        for (int i = 0; i < urls.length; i++) {
            Path jar = config.driverPath().get(i);
            if (!Files.isReadable(jar)) {
                throw new SourceException(
                        Category.USAGE,
                        "DRIVER_NOT_FOUND",
                        "driver path: cannot read " + jar + " (expected: a JDBC driver's jar)");
            }
            try {
                urls[i] = jar.toUri().toURL();
            } catch (MalformedURLException e) {
                throw new SourceException(Category.USAGE, "DRIVER_NOT_FOUND", "driver path: " + jar + " is no path", e);
            }
        }
        return urls;
    }

    private SourceException noDriver() {
        return new SourceException(
                Category.USAGE,
                "DRIVER_NOT_FOUND",
                "no JDBC driver for " + Redaction.url(config.url())
                        + ": name the driver's jar with --driver-path (DuckDB needs none), and check the URL");
    }

    private String duckDbUrl() {
        String rest = config.url().substring(DUCKDB_PREFIX.length());
        int options = rest.indexOf(';');
        String file = options < 0 ? rest : rest.substring(0, options);
        if (isInMemory(file) || file.contains(":")) {
            return config.url();
        }
        return DUCKDB_PREFIX + config.directory().resolve(file) + rest.substring(file.length());
    }

    private static boolean isInMemory(String file) {
        return file.isEmpty() || file.startsWith(":memory:");
    }

    private Properties properties(String url) throws SQLException {
        Properties properties = new Properties();
        if (dialect == SqlDialect.DUCKDB) {
            properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
            properties.setProperty("memory_limit", DUCKDB_MEMORY_DEFAULT);
            spill = makeSpillDirectory();
            properties.setProperty("temp_directory", spill.path().toString());
            String rest = url.substring(DUCKDB_PREFIX.length());
            int options = rest.indexOf(';');
            if (!isInMemory(options < 0 ? rest : rest.substring(0, options))) {
                properties.setProperty(DuckDBDriver.DUCKDB_READONLY_PROPERTY, "true");
            }
        }
        config.properties().forEach(properties::setProperty);
        return properties;
    }

    private static TemporaryDirectory makeSpillDirectory() {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            return TemporaryDirectory.create(parent, "penstock-source-");
        } catch (IOException e) {
            throw new SourceException(
                    Category.USAGE,
                    "TEMPORARY_DIRECTORY",
                    "cannot create a directory under " + parent + " (set java.io.tmpdir to one that can be written)",
                    e);
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException e) {
                // Everything was only read.
            }
            connection = null;
        }
        if (drivers != null) {
            try {
                drivers.close();
            } catch (IOException e) {
                // The jar's file handle goes with the process.
            }
            drivers = null;
        }
        if (spill != null) {
            spill.close();
            spill = null;
        }
    }
}
