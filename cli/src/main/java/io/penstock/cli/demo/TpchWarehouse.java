package io.penstock.cli.demo;

import io.trino.tpch.Customer;
import io.trino.tpch.CustomerGenerator;
import io.trino.tpch.Distributions;
import io.trino.tpch.LineItem;
import io.trino.tpch.LineItemGenerator;
import io.trino.tpch.Order;
import io.trino.tpch.OrderGenerator;
import io.trino.tpch.TextPool;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * A TPC-H warehouse as Parquet files: {@code customer.parquet}, {@code orders/*.parquet}, {@code lineitem/*.parquet},
 * without the comment columns. The same scale gives the same data everywhere, and so does each day of changes after it.
 */
public final class TpchWarehouse {
    /** Customers at scale 1. */
    public static final int CUSTOMERS_AT_SCALE_1 = 150_000;

    /** Keeps what is in memory at once to about 400,000 orders, whatever the scale. */
    private static final double SCALE_A_PART = 0.25;

    private static final double SCALE_MIN = 0.001;
    private static final double SCALE_MAX = 100;

    /** Only comments are cut from it, and those are left out: the generator's own of 300 MB is not needed. */
    private static final int TEXT_POOL_BYTES = 1 << 16;

    private static final String CUSTOMER_TABLE = """
            create table customer (c_custkey bigint, c_name varchar, c_address varchar, c_nationkey integer,
                c_phone varchar, c_acctbal decimal(12, 2), c_mktsegment varchar)""";
    private static final String ORDERS_TABLE = """
            create table orders (o_orderkey bigint, o_custkey bigint, o_orderstatus varchar, o_totalprice decimal(12, 2),
                o_orderdate date, o_orderpriority varchar, o_clerk varchar)""";
    private static final String LINEITEM_TABLE = """
            create table lineitem (l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber integer,
                l_quantity integer, l_extendedprice decimal(12, 2), l_discount decimal(4, 2), l_tax decimal(4, 2),
                l_returnflag varchar, l_linestatus varchar, l_shipdate date, l_shipmode varchar)""";

    /** Each day another 1 in 97 customers orders and another 1 in 389 moves to another market segment. */
    private static final String NEW_ORDERS = """
            copy (
                select last_key + row_number() over (order by c_custkey) as o_orderkey, c_custkey as o_custkey,
                    'O' as o_orderstatus, cast(2400.00 as decimal(12, 2)) as o_totalprice,
                    cast(last_date + 1 as date) as o_orderdate, '3-MEDIUM' as o_orderpriority,
                    'Clerk#000000001' as o_clerk
                from '${warehouse}/customer.parquet',
                    (select max(o_orderkey) as last_key, max(o_orderdate) as last_date
                        from '${warehouse}/orders/*.parquet')
                where c_custkey % 97 = (13 * ${day}) % 97
            ) to '${warehouse}/orders/${file}.parquet' (format parquet)""";

    private static final String NEW_LINEITEMS = """
            copy (
                select o_orderkey as l_orderkey, cast(1 as bigint) as l_partkey, cast(1 as bigint) as l_suppkey,
                    1 as l_linenumber, 2 as l_quantity, cast(2400.00 as decimal(12, 2)) as l_extendedprice,
                    cast(0 as decimal(4, 2)) as l_discount, cast(0 as decimal(4, 2)) as l_tax,
                    'N' as l_returnflag, 'O' as l_linestatus, cast(o_orderdate + 1 as date) as l_shipdate,
                    'AIR' as l_shipmode
                from '${warehouse}/orders/${file}.parquet'
            ) to '${warehouse}/lineitem/${file}.parquet' (format parquet)""";

    private static final String CHANGED_CUSTOMERS = """
            copy (
                select * replace (
                    case when c_custkey % 389 = ${day} % 389
                        then case c_mktsegment when 'MACHINERY' then 'BUILDING' else 'MACHINERY' end
                        else c_mktsegment end as c_mktsegment)
                from '${warehouse}/customer.parquet'
            ) to '${warehouse}/customer.parquet.new' (format parquet)""";

    private final Path directory;

    /** What a day changed. */
    public record Changes(long newOrders, long movedCustomers) {}

    /** What a warehouse holds. */
    public record Size(long customers, long orders, long lineitems) {}

    private TpchWarehouse(Path directory) {
        this.directory = directory;
    }

    /**
     * Generates a warehouse, about 20 MB and a few seconds at scale 0.1.
     *
     * @param directory created; must not hold a warehouse
     * @param scale 1 = 150,000 customers, 1.5 million orders, 6 million line items
     */
    public static TpchWarehouse generate(Path directory, double scale) throws IOException, SQLException {
        if (!(scale >= SCALE_MIN && scale <= SCALE_MAX)) {
            throw new IllegalArgumentException(
                    "scale: " + scale + " (expected: " + SCALE_MIN + " to " + SCALE_MAX + ")");
        }
        if (Files.exists(directory.resolve("customer.parquet"))) {
            throw new IllegalArgumentException(
                    "warehouse: there is one in " + directory + " already (expected: another directory)");
        }
        Files.createDirectories(directory.resolve("orders"));
        Files.createDirectories(directory.resolve("lineitem"));
        TpchWarehouse warehouse = new TpchWarehouse(directory);
        warehouse.write(scale);
        return warehouse;
    }

    /** The warehouse in a directory. */
    public static TpchWarehouse open(Path directory) {
        if (!Files.exists(directory.resolve("customer.parquet"))) {
            throw new IllegalArgumentException(
                    "warehouse: there is none in " + directory + "; run 'penstock demo generate'");
        }
        return new TpchWarehouse(directory);
    }

    public Path directory() {
        return directory;
    }

    public Size size() throws SQLException {
        try (DuckDBConnection duckDb = connect()) {
            return new Size(
                    count(duckDb, "customer.parquet"),
                    count(duckDb, "orders/*.parquet"),
                    count(duckDb, "lineitem/*.parquet"));
        }
    }

    /** Lets a day pass: about 1 % of the customers order, a few move to another market segment. */
    public Changes change() throws IOException, SQLException {
        int day = lastDay() + 1;
        String file = fileName(day, 0);
        try (DuckDBConnection duckDb = connect()) {
            execute(duckDb, filled(CHANGED_CUSTOMERS, day, file));
            execute(duckDb, filled(NEW_ORDERS, day, file));
            execute(duckDb, filled(NEW_LINEITEMS, day, file));
            Files.move(
                    directory.resolve("customer.parquet.new"),
                    directory.resolve("customer.parquet"),
                    StandardCopyOption.ATOMIC_MOVE);
            return new Changes(
                    count(duckDb, "orders/" + file + ".parquet"),
                    countWhere(duckDb, "customer.parquet", "c_custkey % 389 = " + day % 389));
        }
    }

    private void write(double scale) throws SQLException {
        Distributions distributions = Distributions.getDefaultDistributions();
        TextPool text = new TextPool(TEXT_POOL_BYTES, distributions);
        int parts = (int) Math.ceil(scale / SCALE_A_PART);
        try (DuckDBConnection duckDb = connect()) {
            execute(duckDb, CUSTOMER_TABLE);
            try (DuckDBAppender rows = duckDb.createAppender("customer")) {
                for (Customer customer : new CustomerGenerator(scale, 1, 1, distributions, text)) {
                    append(rows, customer);
                }
            }
            copy(duckDb, "customer", "customer");
            for (int part = 1; part <= parts; part++) {
                String file = fileName(0, part);
                execute(duckDb, ORDERS_TABLE);
                try (DuckDBAppender rows = duckDb.createAppender("orders")) {
                    for (Order order : new OrderGenerator(scale, part, parts, distributions, text)) {
                        append(rows, order);
                    }
                }
                copy(duckDb, "orders", "orders/" + file);
                execute(duckDb, LINEITEM_TABLE);
                try (DuckDBAppender rows = duckDb.createAppender("lineitem")) {
                    for (LineItem item : new LineItemGenerator(scale, part, parts, distributions, text)) {
                        append(rows, item);
                    }
                }
                copy(duckDb, "lineitem", "lineitem/" + file);
            }
        }
    }

    private static void append(DuckDBAppender rows, Customer customer) throws SQLException {
        rows.beginRow()
                .append(customer.getCustomerKey())
                .append(customer.getName())
                .append(customer.getAddress())
                .append((int) customer.getNationKey())
                .append(customer.getPhone())
                .append(cents(customer.getAccountBalanceInCents()))
                .append(customer.getMarketSegment())
                .endRow();
    }

    private static void append(DuckDBAppender rows, Order order) throws SQLException {
        rows.beginRow()
                .append(order.getOrderKey())
                .append(order.getCustomerKey())
                .append(String.valueOf(order.getOrderStatus()))
                .append(cents(order.getTotalPriceInCents()))
                .appendEpochDays(order.getOrderDate())
                .append(order.getOrderPriority())
                .append(order.getClerk())
                .endRow();
    }

    private static void append(DuckDBAppender rows, LineItem item) throws SQLException {
        rows.beginRow()
                .append(item.getOrderKey())
                .append(item.getPartKey())
                .append(item.getSupplierKey())
                .append(item.getLineNumber())
                .append((int) item.getQuantity())
                .append(cents(item.getExtendedPriceInCents()))
                .append(cents(item.getDiscountPercent()))
                .append(cents(item.getTaxPercent()))
                .append(item.getReturnFlag())
                .append(item.getStatus())
                .appendEpochDays(item.getShipDate())
                .append(item.getShipMode())
                .endRow();
    }

    private static BigDecimal cents(long cents) {
        return BigDecimal.valueOf(cents, 2);
    }

    private void copy(DuckDBConnection duckDb, String table, String file) throws SQLException {
        execute(duckDb, "copy " + table + " to '" + quoted() + "/" + file + ".parquet' (format parquet)");
        execute(duckDb, "drop table " + table);
    }

    /** The last day in the file names, which are {@code <day>-<part>.parquet}. */
    private int lastDay() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("orders"))) {
            return files.map(file -> file.getFileName().toString())
                    .mapToInt(name -> Integer.parseInt(name.substring(0, name.indexOf('-'))))
                    .max()
                    .orElse(0);
        }
    }

    private static String fileName(int day, int part) {
        return String.format(Locale.ROOT, "%03d-%03d", day, part);
    }

    private String filled(String sql, int day, String file) {
        return sql.replace("${warehouse}", quoted())
                .replace("${day}", String.valueOf(day))
                .replace("${file}", file);
    }

    private String quoted() {
        return directory.toString().replace("'", "''");
    }

    private long count(DuckDBConnection duckDb, String files) throws SQLException {
        return countWhere(duckDb, files, "true");
    }

    private long countWhere(DuckDBConnection duckDb, String files, String condition) throws SQLException {
        try (Statement statement = duckDb.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select count(*) from '" + quoted() + "/" + files + "' where " + condition)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static DuckDBConnection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:duckdb:").unwrap(DuckDBConnection.class);
    }

    private static void execute(DuckDBConnection duckDb, String sql) throws SQLException {
        try (Statement statement = duckDb.createStatement()) {
            statement.execute(sql);
        }
    }
}
