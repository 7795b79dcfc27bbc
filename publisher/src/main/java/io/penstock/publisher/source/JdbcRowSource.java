package io.penstock.publisher.source;

import io.penstock.contract.Contract;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowSource;
import io.penstock.publisher.SourceException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The result of one SQL query, read through JDBC on a connection of its own: read-only, in one transaction, the session's
 * time zone UTC, rows streamed. With DuckDB, relative paths are relative to the configured directory and memory is bounded.
 */
public final class JdbcRowSource implements RowSource {
    private static final String DATA_AS_OF = "data_as_of";

    private final JdbcSourceConfig config;
    private final SqlText statement;
    private final Optional<SqlText> dataAsOf;

    /**
     * A source that has not been connected to yet.
     *
     * @throws SourceException if a statement is empty, more than one, or names a file that would be the wrong one
     */
    public JdbcRowSource(JdbcSourceConfig config) {
        this.config = config;
        this.statement = SqlText.single(config.statement(), config.statementName());
        this.dataAsOf = config.dataAsOf().map(query -> SqlText.single(query, DATA_AS_OF));
        if (SqlDialect.of(config.url()) == SqlDialect.DUCKDB) {
            AmbiguousPaths paths = new AmbiguousPaths(Path.of(""), config.directory());
            paths.refuse(statement, config.statementName());
            dataAsOf.ifPresent(query -> paths.refuse(query, DATA_AS_OF));
        }
    }

    @Override
    public String describe() {
        return config.toString();
    }

    @Override
    public Optional<Instant> readDataAsOf() {
        return dataAsOf.map(this::readDataAsOf);
    }

    private Instant readDataAsOf(SqlText sql) {
        try (RunningQuery query = RunningQuery.start(config, sql, DATA_AS_OF)) {
            try {
                return single(query);
            } catch (SQLException e) {
                throw query.failure(e);
            }
        }
    }

    private static Instant single(RunningQuery query) throws SQLException {
        ResultSet result = query.result();
        int columns = result.getMetaData().getColumnCount();
        if (columns != 1) {
            throw query.refusal("DATA_AS_OF", columns + " columns (expected: one date or timestamp)");
        }
        ColumnReader column = ColumnReader.of(result.getMetaData(), 1);
        if (!result.next()) {
            throw query.refusal("DATA_AS_OF", "no row (expected: one date or timestamp)");
        }
        Object value = column.read(result);
        if (result.next()) {
            throw query.refusal("DATA_AS_OF", "more than one row (expected: one date or timestamp)");
        }
        if (value == null) {
            throw query.refusal("DATA_AS_OF", "NULL (expected: one date or timestamp)");
        }
        Instant instant = toInstant(value);
        if (instant == null
                || instant.isBefore(Instant.parse("0001-01-01T00:00:00Z"))
                || instant.isAfter(Instant.parse("9999-12-31T23:59:59.999999999Z"))) {
            throw query.refusal(
                    "DATA_AS_OF",
                    result.getMetaData().getColumnTypeName(1)
                            + " (expected: one date or timestamp, of the years 0001 to 9999)");
        }
        return instant;
    }

    private static @org.jspecify.annotations.Nullable Instant toInstant(Object value) {
        if (value instanceof LocalDate date) {
            return date.atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        if (value instanceof LocalDateTime local) {
            return local.toInstant(ZoneOffset.UTC);
        }
        return value instanceof Instant instant ? instant : null;
    }

    @Override
    public RowCursor open(Contract contract) {
        RunningQuery query = RunningQuery.start(config, statement, config.statementName());
        return new JdbcRowCursor(query, contract, config.showKeys());
    }
}
