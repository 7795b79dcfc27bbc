package io.penstock.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.DeltaBase;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.RowOperation;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.TestContracts;
import io.penstock.publisher.convert.RowColumns;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcRowSourceBehaviourTest {
    private static final String QUERY =
            "SELECT i AS customer_id, 'n' AS name, i * 2 AS spend_cents, NULL::TIMESTAMP AS last_order_at FROM range(3) t(i)";

    @TempDir
    Path directory;

    @Test
    void readsRowsOfTheEmbeddedDuckDb() {
        try (RowCursor rows = source(QUERY).open(TestContracts.CUSTOMER)) {
            for (int i = 0; i < 3; i++) {
                assertThat(rows.next()).isTrue();
                assertThat(new String(rows.key(), StandardCharsets.UTF_8)).isEqualTo(String.valueOf(i));
                assertThat(rows.rowNumber()).isEqualTo(i + 1);
                assertThat(rows.isNull(3)).isTrue();
            }
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void readsFilesRelativeToItsDirectory() throws Exception {
        Files.writeString(
                directory.resolve("a.csv"), "customer_id,name,spend_cents,last_order_at\n7,x,5,2024-01-01 00:00:00\n");
        try (RowCursor rows = source("FROM 'a.csv';").open(TestContracts.CUSTOMER)) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.key()).isEqualTo(new byte[] {'7'});
        }
    }

    @Test
    void readsTheWatermarkAsUtc() {
        JdbcSourceConfig config = JdbcSourceConfig.duckDb(QUERY, directory).withDataAsOf("SELECT DATE '2024-02-29'");
        assertThat(new JdbcRowSource(config).readDataAsOf()).contains(Instant.parse("2024-02-29T00:00:00Z"));
    }

    @Test
    void takesMomentsInPlaceOfQueries() {
        JdbcSourceConfig config = JdbcSourceConfig.duckDb(QUERY, directory)
                .withDataAsOf("2024-02-29 04:00:00.5")
                .withBase("2024-02-28T01:00:00+01:00");
        assertThat(new JdbcRowSource(config).readDataAsOf()).contains(Instant.parse("2024-02-29T04:00:00.500Z"));
        assertThat(new JdbcRowSource(config).readBase()).contains(new DeltaBase(Instant.parse("2024-02-28T00:00:00Z")));
        assertThat(new JdbcRowSource(config.withBase("none")).readBase()).contains(DeltaBase.NONE);
        assertThat(new JdbcRowSource(config.withBase("SELECT DATE '2024-02-28'")).readBase())
                .contains(new DeltaBase(Instant.parse("2024-02-28T00:00:00Z")));
        assertThatThrownBy(() -> new JdbcRowSource(config.withBase("2024-02-30")).readBase())
                .isInstanceOf(SourceException.class);
    }

    @Test
    void readsWhatARowDoesAndWhenItExpires() {
        String query = "SELECT CASE WHEN i = 1 THEN 'delete' ELSE 'insert' END AS _op, i AS customer_id,"
                + " CASE WHEN i <> 1 THEN 'n' END AS name, CASE WHEN i <> 1 THEN 0 END AS spend_cents,"
                + " NULL::TIMESTAMP AS last_order_at,"
                + " CASE WHEN i = 0 THEN TIMESTAMP '1970-01-01 00:00:01.999999' END AS until FROM range(3) t(i)";
        JdbcSourceConfig config = JdbcSourceConfig.duckDb(query, directory).withColumns(new RowColumns("_OP", "until"));
        try (RowCursor rows = new JdbcRowSource(config).open(TestContracts.CUSTOMER)) {
            rows.next();
            assertThat(rows.mark()).isEqualTo(new RowMark(RowOperation.INSERT, 1_999));
            rows.next();
            assertThat(rows.mark()).isEqualTo(new RowMark(RowOperation.DELETE, RowMark.NEVER));
            assertThat(rows.value()).isEmpty();
            rows.next();
            assertThat(rows.mark()).isEqualTo(new RowMark(RowOperation.INSERT, RowMark.NEVER));
        }
        assertThatThrownBy(() ->
                        new JdbcRowSource(config.withColumns(new RowColumns("op", null))).open(TestContracts.CUSTOMER))
                .hasMessageContaining("no column for op; no field for _op, until");
    }

    @Test
    void tellsWhatTheDatabaseSaysWithoutTheRowsValues() {
        assertThatThrownBy(() -> source("SELECT x::INT FROM (SELECT 'row' || '-secret' || i AS x FROM range(9) t(i))")
                        .open(TestContracts.CUSTOMER))
                .isInstanceOfSatisfying(SourceException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo("SQL_ERROR");
                })
                .hasMessage("""
                        sql: Conversion Error: Could not convert string '…' to INT32 when casting from source column x

                        LINE 1: SELECT x::INT FROM (SELECT 'row' || '-secret' || i AS x FROM range...
                                        ^^^^^""");
    }

    @Test
    void tellsItOfARowFarFromTheFirst() {
        JdbcRowSource source = source(
                "SELECT (CASE WHEN i < 99999 THEN i::VARCHAR ELSE reverse('terces-wor') END)::INT AS customer_id,"
                        + " 'n' AS name, 0 AS spend_cents, NULL::TIMESTAMP AS last_order_at FROM range(100000) t(i)");
        assertThatThrownBy(() -> {
                    try (RowCursor rows = source.open(TestContracts.CUSTOMER)) {
                        while (rows.next()) {
                            rows.key();
                        }
                    }
                })
                .hasMessageStartingWith("sql: Conversion Error: Could not convert string '…' to INT32")
                .message()
                .doesNotContain("row-secret");
    }

    @Test
    void passesOnWhatTheDatabaseSaysAboutTheStatement() {
        assertThatThrownBy(() -> source("SELECT nope FROM range(9)").open(TestContracts.CUSTOMER))
                .hasMessage("""
                        sql: Binder Error: Referenced column "nope" not found in FROM clause!
                        Candidate bindings: "range"

                        LINE 1: SELECT nope FROM range(9)
                                       ^^^^""");
        assertThatThrownBy(() -> source("FROM 'nope.csv'").open(TestContracts.CUSTOMER))
                .hasMessageStartingWith("sql: IO Error: No files found that match the pattern \"nope.csv\"");
    }

    @Test
    void saysWhichSettingAQueryNeedsThatRunsOutOfMemory() {
        JdbcSourceConfig config = JdbcSourceConfig.duckDb(
                "SELECT i AS customer_id, string_agg(repeat('x', 1000000), '') AS name, 0 AS spend_cents,"
                        + " NULL::TIMESTAMP AS last_order_at FROM range(1) t(i), range(2000) GROUP BY i",
                directory);
        assertThatThrownBy(() -> new JdbcRowSource(config).open(TestContracts.CUSTOMER))
                .isInstanceOfSatisfying(SourceException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.REFUSED);
                    assertThat(e.code()).isEqualTo("SOURCE_MEMORY");
                })
                .hasMessageStartingWith(
                        "sql: the query needs more memory than DuckDB may use: set source.properties.memory_limit (");
    }

    @Test
    void refusesMoreThanOneStatement() {
        assertThatThrownBy(() -> source("SELECT 1; SELECT 2"))
                .hasMessage("sql: the SQL text holds more than one statement (expected: one query)");
    }

    @Test
    void saysHowToAddADriver() {
        JdbcSourceConfig config = new JdbcSourceConfig(
                "jdbc:nosuch://u:pw@h/db?password=geheim",
                java.util.Map.of(),
                java.util.Set.of(),
                "SELECT 1",
                "sql",
                java.util.Optional.empty(),
                java.util.Optional.empty(),
                RowColumns.NONE,
                directory,
                java.util.List.of(),
                false);
        assertThatThrownBy(() -> new JdbcRowSource(config).open(TestContracts.CUSTOMER))
                .hasMessage("no JDBC driver for jdbc:nosuch://***@h/db?password=***: name the driver's jar with"
                        + " --driver-path (DuckDB needs none), and check the URL");
    }

    private JdbcRowSource source(String sql) {
        return new JdbcRowSource(JdbcSourceConfig.duckDb(sql, directory));
    }
}
