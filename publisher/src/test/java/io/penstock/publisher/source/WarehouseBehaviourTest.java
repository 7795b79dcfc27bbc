package io.penstock.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.TestContracts;
import io.penstock.publisher.convert.RowColumns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A warehouse whose driver is a jar beside the class path: H2. */
class WarehouseBehaviourTest {
    private static final Path DRIVER =
            Path.of(System.getProperty("penstock.test.drivers"), "h2.jar").toAbsolutePath();
    private static final String QUERY =
            "SELECT 7 AS customer_id, 'n' AS name, CAST(1.00 AS DECIMAL(9, 2)) AS spend_cents,"
                    + " TIMESTAMP '2024-03-31 02:30:00' AS last_order_at";

    @TempDir
    Path directory;

    @Test
    void readsThroughADriverOfItsOwn() {
        try (RowCursor rows = source("jdbc:h2:" + directory.resolve("db"), "geheim", QUERY, DRIVER)
                .open(TestContracts.CUSTOMER)) {
            assertThat(rows.next()).isTrue();
            assertThat(new String(rows.key(), StandardCharsets.UTF_8)).isEqualTo("7");
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void asksToTryAgainWhenNobodyAnswers() throws IOException {
        String url = "jdbc:h2:tcp://127.0.0.1:" + closedPort() + "/db";

        assertThatThrownBy(() -> source(url, "geheim", QUERY, DRIVER).open(TestContracts.CUSTOMER))
                .isInstanceOfSatisfying(SourceException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.UNAVAILABLE);
                    assertThat(e.code()).isEqualTo("SOURCE_UNREACHABLE");
                    assertThat(e.getMessage())
                            .startsWith("cannot connect to " + url + ": Connection is broken:")
                            .doesNotContain("geheim");
                });
    }

    @Test
    void refusesAWrongPasswordWithoutShowingIt() {
        String url = "jdbc:h2:" + directory.resolve("db");
        source(url, "right-one", QUERY, DRIVER).open(TestContracts.CUSTOMER).close();

        assertThatThrownBy(() -> source(url, "geheim", QUERY, DRIVER).open(TestContracts.CUSTOMER))
                .isInstanceOfSatisfying(SourceException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.USAGE);
                    assertThat(e.code()).isEqualTo("SOURCE_CONFIGURATION");
                })
                .hasMessage("cannot connect to " + url + ": Wrong user name or password […] (check user, password"
                        + " and database under source.properties)");
    }

    @Test
    void saysWhichDriverIsNotThere() {
        Path nope = directory.resolve("nope.jar");
        assertThatThrownBy(() -> source("jdbc:h2:mem:", "geheim", QUERY, nope).open(TestContracts.CUSTOMER))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.category()).isEqualTo(Category.USAGE))
                .hasMessage("driver path: cannot read " + nope + " (expected: a JDBC driver's jar)");
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private JdbcRowSource source(String url, String password, String sql, Path driver) {
        return new JdbcRowSource(new JdbcSourceConfig(
                url,
                Map.of("user", "reader", "password", password),
                Set.of(),
                sql,
                "sql",
                Optional.empty(),
                Optional.empty(),
                RowColumns.NONE,
                directory,
                List.of(driver),
                false));
    }
}
