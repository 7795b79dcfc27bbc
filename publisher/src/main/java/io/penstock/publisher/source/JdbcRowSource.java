package io.penstock.publisher.source;

import io.penstock.contract.Contract;
import io.penstock.publisher.DeltaBase;
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
    private static final String BASE = "base";

    private final JdbcSourceConfig config;
    private final SqlText statement;
    private final Optional<SqlText> dataAsOf;
    private final Optional<SqlText> base;

    /**
     * A source that has not been connected to yet.
     *
     * @throws SourceException if a statement is empty, more than one, or names a file that would be the wrong one
     */
    public JdbcRowSource(JdbcSourceConfig config) {
        this.config = config;
        this.statement = SqlText.single(config.statement(), config.statementName());
        this.dataAsOf = query(config.dataAsOf(), DATA_AS_OF);
        this.base = query(config.base().filter(text -> !isNone(text)), BASE);
        if (SqlDialect.of(config.url()) == SqlDialect.DUCKDB) {
            AmbiguousPaths paths = new AmbiguousPaths(Path.of(""), config.directory());
            paths.refuse(statement, config.statementName());
            dataAsOf.ifPresent(query -> paths.refuse(query, DATA_AS_OF));
            base.ifPresent(query -> paths.refuse(query, BASE));
        }
    }

    /** The query, unless the text is a moment. */
    private static Optional<SqlText> query(Optional<String> text, String name) {
        return text.filter(given -> TimeText.parse(given).isEmpty()).map(query -> SqlText.single(query, name));
    }

    private static boolean isNone(String base) {
        return base.trim().equals(DeltaBase.NONE.toString());
    }

    @Override
    public String describe() {
        return config.toString();
    }

    @Override
    public Optional<Instant> readDataAsOf() {
        return moment(config.dataAsOf(), dataAsOf, DATA_AS_OF);
    }

    @Override
    public Optional<DeltaBase> readBase() {
        if (config.base().map(JdbcRowSource::isNone).orElse(false)) {
            return Optional.of(DeltaBase.NONE);
        }
        return moment(config.base(), base, BASE).map(DeltaBase::new);
    }

    private Optional<Instant> moment(Optional<String> text, Optional<SqlText> sql, String name) {
        return sql.isPresent() ? sql.map(query -> read(query, name)) : text.flatMap(TimeText::parse);
    }

    private Instant read(SqlText sql, String name) {
        try (RunningQuery query = RunningQuery.start(config, sql, name)) {
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
        return new JdbcRowCursor(query, contract, config.columns(), config.showKeys());
    }
}
