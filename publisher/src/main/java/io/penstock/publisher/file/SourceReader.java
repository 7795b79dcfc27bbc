package io.penstock.publisher.file;

import io.penstock.publisher.DeltaBase;
import io.penstock.publisher.avro.AvroSourceConfig;
import io.penstock.publisher.convert.RowColumns;
import io.penstock.publisher.source.JdbcSourceConfig;
import io.penstock.publisher.source.SourceConfig;
import io.penstock.publisher.source.TimeText;
import io.penstock.storage.v1.Mode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads where the rows come from, {@code source:}. */
final class SourceReader {
    private static final List<String> KEYS =
            List.of("url", "properties", "query", "sql", "avro", "parameters", "data_as_of", "base", "columns");
    private static final List<String> SQL_ONLY = List.of("url", "properties");

    private final Path file;
    private final Path directory;
    private final Substitution substitution;
    private final Mode mode;

    SourceReader(Path file, Path directory, Substitution substitution, Mode mode) {
        this.file = file;
        this.directory = directory;
        this.substitution = substitution;
        this.mode = mode;
    }

    SourceConfig read(YamlNode source, Map<String, String> overrides) {
        source.members(KEYS);
        YamlNode declared = source.member("parameters");
        SqlParameters parameters = SqlParameters.of(declared == null ? Map.of() : declared.members(), substitution);
        parameters.override(overrides, file);
        YamlNode rows = source.oneOf("query", "sql", "avro");
        return rows.key().endsWith("avro") ? avro(source, rows, parameters) : sql(source, rows, parameters);
    }

    private AvroSourceConfig avro(YamlNode source, YamlNode files, SqlParameters parameters) {
        for (String key : SQL_ONLY) {
            YamlNode member = source.member(key);
            if (member != null) {
                throw member.error("has no meaning with source.avro, which are files (remove it)");
            }
        }
        YamlNode dataAsOf = source.member("data_as_of");
        YamlNode base = base(source);
        return new AvroSourceConfig(
                parameters.fillIn(files.text(), files),
                Optional.ofNullable(dataAsOf).map(node -> moment(parameters.fillIn(node.text(), node), node)),
                Optional.ofNullable(base).map(node -> deltaBase(parameters.fillIn(node.text(), node), node)),
                columns(source.member("columns")),
                directory,
                false);
    }

    private static DeltaBase deltaBase(String text, YamlNode node) {
        return text.equals(DeltaBase.NONE.toString()) ? DeltaBase.NONE : new DeltaBase(moment(text, node));
    }

    private static Instant moment(String text, YamlNode node) {
        return TimeText.parse(text)
                .orElseThrow(() -> node.error(
                        "'" + text + "' (expected: a date or a timestamp, as 2026-11-19 or 2026-11-19T04:00:00Z)"));
    }

    private JdbcSourceConfig sql(YamlNode source, YamlNode statement, SqlParameters parameters) {
        boolean inFile = statement.key().endsWith("query");
        String sql = inFile
                ? TextFile.content(statement.resolve(directory, statement.text()), statement::error)
                : statement.text();
        YamlNode dataAsOf = source.member("data_as_of");
        YamlNode base = base(source);
        Map<String, String> properties = substituted(source.member("properties"));
        YamlNode url = source.member("url");
        String jdbcUrl = url == null ? JdbcSourceConfig.URL_DEFAULT : substitution.apply(url);
        if (!jdbcUrl.startsWith("jdbc:") && url != null) {
            throw url.error("not a JDBC URL (expected: jdbc:…)");
        }
        return new JdbcSourceConfig(
                jdbcUrl,
                properties,
                substitution.secrets(),
                parameters.fillIn(sql, statement),
                inFile ? statement.text() : "sql",
                Optional.ofNullable(dataAsOf).map(node -> parameters.fillIn(node.text(), node)),
                Optional.ofNullable(base).map(node -> parameters.fillIn(node.text(), node)),
                columns(source.member("columns")),
                directory,
                List.of(),
                false);
    }

    private @Nullable YamlNode base(YamlNode source) {
        YamlNode base = source.member("base");
        if (mode == Mode.MODE_DELTA && base == null) {
            throw source.error("the key base is missing (a delta needs it: the data_as_of of the version it follows)");
        }
        if (mode != Mode.MODE_DELTA && base != null) {
            throw base.error("has a meaning in mode delta only (remove it)");
        }
        return base;
    }

    private RowColumns columns(@Nullable YamlNode columns) {
        if (columns == null) {
            return mode == Mode.MODE_DELTA ? new RowColumns(RowColumns.OPERATION_DEFAULT, null) : RowColumns.NONE;
        }
        columns.members(List.of("operation", "expires_at"));
        YamlNode operation = columns.member("operation");
        YamlNode expiresAt = columns.member("expires_at");
        if (mode != Mode.MODE_DELTA && operation != null) {
            throw operation.error("has a meaning in mode delta only (remove it)");
        }
        String operationColumn =
                operation != null ? operation.text() : mode == Mode.MODE_DELTA ? RowColumns.OPERATION_DEFAULT : null;
        return new RowColumns(operationColumn, expiresAt == null ? null : expiresAt.text());
    }

    private Map<String, String> substituted(@Nullable YamlNode node) {
        Map<String, String> values = new LinkedHashMap<>();
        if (node != null) {
            node.members().forEach((name, value) -> values.put(name, substitution.apply(value)));
        }
        return values;
    }
}
