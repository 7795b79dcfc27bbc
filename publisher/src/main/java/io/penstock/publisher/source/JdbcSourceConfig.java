package io.penstock.publisher.source;

import io.penstock.publisher.RowSource;
import io.penstock.publisher.convert.RowColumns;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a {@link JdbcRowSource} reads and what it asks.
 *
 * @param url the JDBC URL; {@code jdbc:duckdb:} is an embedded DuckDB that holds nothing but what the query reads
 * @param properties what the driver is given besides the URL; for DuckDB also its settings, such as {@code memory_limit}
 * @param secrets values that must not appear in anything a person sees, besides those of properties named like passwords
 * @param statement the query, its parameters filled in
 * @param statementName what to call the query: its file's name, or {@code sql}
 * @param dataAsOf the query for the watermark, if there is one; or a date or timestamp
 * @param base the same for what a delta begins from; or {@code none}
 * @param columns which columns are more than fields
 * @param directory what relative paths in URL and query are relative to
 * @param driverPath jars to look for the driver in, besides the class path
 * @param showKeys whether an error about a row may name its key
 */
public record JdbcSourceConfig(
        String url,
        Map<String, String> properties,
        Set<String> secrets,
        String statement,
        String statementName,
        Optional<String> dataAsOf,
        Optional<String> base,
        RowColumns columns,
        Path directory,
        List<Path> driverPath,
        boolean showKeys)
        implements SourceConfig {
    public static final String URL_DEFAULT = "jdbc:duckdb:";

    public JdbcSourceConfig {
        properties = Map.copyOf(properties);
        secrets = Set.copyOf(secrets);
        directory = directory.toAbsolutePath().normalize();
        driverPath = List.copyOf(driverPath);
    }

    /** A query of an embedded DuckDB, relative paths in it relative to {@code directory}. */
    public static JdbcSourceConfig duckDb(String statement, Path directory) {
        return new JdbcSourceConfig(
                URL_DEFAULT,
                Map.of(),
                Set.of(),
                statement,
                "sql",
                Optional.empty(),
                Optional.empty(),
                RowColumns.NONE,
                directory,
                List.of(),
                false);
    }

    public JdbcSourceConfig withDataAsOf(String query) {
        return new JdbcSourceConfig(
                url,
                properties,
                secrets,
                statement,
                statementName,
                Optional.of(query),
                base,
                columns,
                directory,
                driverPath,
                showKeys);
    }

    public JdbcSourceConfig withBase(String queryOrTime) {
        return new JdbcSourceConfig(
                url,
                properties,
                secrets,
                statement,
                statementName,
                dataAsOf,
                Optional.of(queryOrTime),
                columns,
                directory,
                driverPath,
                showKeys);
    }

    public JdbcSourceConfig withColumns(RowColumns special) {
        return new JdbcSourceConfig(
                url,
                properties,
                secrets,
                statement,
                statementName,
                dataAsOf,
                base,
                special,
                directory,
                driverPath,
                showKeys);
    }

    @Override
    public RowSource open() {
        return new JdbcRowSource(this);
    }

    @Override
    public JdbcSourceConfig withShowKeys(boolean show) {
        return new JdbcSourceConfig(
                url,
                properties,
                secrets,
                statement,
                statementName,
                dataAsOf,
                base,
                columns,
                directory,
                driverPath,
                show);
    }

    @Override
    public JdbcSourceConfig withDriverPath(List<Path> jars) {
        return new JdbcSourceConfig(
                url, properties, secrets, statement, statementName, dataAsOf, base, columns, directory, jars, showKeys);
    }

    Redaction redaction() {
        return Redaction.of(url, properties, secrets);
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return Redaction.url(url) + " " + statementName;
    }
}
