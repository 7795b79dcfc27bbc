package io.penstock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TpchWarehouseTest {
    private static final double SMALL = 0.01;

    @TempDir
    Path directory;

    @Test
    void hasTheNumbersOfRowsThatTheScaleSays() throws Exception {
        TpchWarehouse.Size size =
                TpchWarehouse.generate(directory.resolve("warehouse"), SMALL).size();

        assertThat(size).isEqualTo(new TpchWarehouse.Size(1500, 15_000, 60_175));
    }

    @Test
    void givesTheExampleItsRows() throws Exception {
        TpchWarehouse.generate(directory.resolve("warehouse"), SMALL);

        assertThat(query("select count(*), count(last_order_at), sum(orders), min(lifetime_spend_cents) from ("
                        + exampleQuery() + ")"))
                .containsExactly("1500 1000 15000 0.00");
        assertThat(query("select customer_id, market_segment, lifetime_spend_cents, orders, items, last_order_at,"
                        + " favourite_segment, recent_order_ids from (" + exampleQuery() + ") where customer_id = 7"))
                .containsExactly("7 AUTOMOBILE 392202098.00 24 2817 1997-12-20 PRICE_SEGMENT_STANDARD"
                        + " [10402, 53957, 48739, 14145, 44868]");
    }

    @Test
    void makesTheSameDataAndTheSameChangesEveryTime() throws Exception {
        TpchWarehouse warehouse = TpchWarehouse.generate(directory.resolve("warehouse"), SMALL);
        List<String> before = query(exampleQuery() + " order by customer_id");
        TpchWarehouse.Changes changes = warehouse.change();
        List<String> after = query(exampleQuery() + " order by customer_id");
        Files.move(directory.resolve("warehouse"), directory.resolve("first"));

        TpchWarehouse again = TpchWarehouse.generate(directory.resolve("warehouse"), SMALL);
        assertThat(query(exampleQuery() + " order by customer_id")).isEqualTo(before);
        assertThat(again.change()).isEqualTo(changes);
        assertThat(query(exampleQuery() + " order by customer_id")).isEqualTo(after);
    }

    @Test
    void changesAboutOnePercentOfTheCustomersADay() throws Exception {
        TpchWarehouse warehouse = TpchWarehouse.generate(directory.resolve("warehouse"), SMALL);
        List<String> before = query(exampleQuery() + " order by customer_id");

        TpchWarehouse.Changes first = warehouse.change();
        TpchWarehouse.Changes second =
                TpchWarehouse.open(directory.resolve("warehouse")).change();

        assertThat(first).isEqualTo(new TpchWarehouse.Changes(16, 4));
        assertThat(second.newOrders()).isBetween(15L, 16L);
        List<String> changed = query(exampleQuery() + " order by customer_id");
        assertThat(changed).hasSameSizeAs(before);
        changed.removeAll(before);
        assertThat(changed).hasSizeBetween(30, 40);
    }

    @Test
    void refusesToWriteOverAWarehouse() throws Exception {
        Path warehouse = directory.resolve("warehouse");
        TpchWarehouse.generate(warehouse, SMALL);

        assertThatThrownBy(() -> TpchWarehouse.generate(warehouse, SMALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("warehouse: there is one in " + warehouse + " already (expected: another directory)");
    }

    @Test
    void refusesAScaleNobodyCanMean() {
        assertThatThrownBy(() -> TpchWarehouse.generate(directory, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scale: 0.0 (expected: 0.001 to 100.0)");
    }

    private String exampleQuery() throws Exception {
        try (var file = TpchWarehouseTest.class.getResourceAsStream("/examples/customer-360/customer_360.sql")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${warehouse}", directory.resolve("warehouse").toString());
        }
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(rows.getString(i)));
                }
                found.add(String.join(" ", row));
            }
        }
        return found;
    }
}
