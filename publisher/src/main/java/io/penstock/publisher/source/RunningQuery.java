package io.penstock.publisher.source;

import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.SourceException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One query and its streaming result, on a connection of its own. */
final class RunningQuery implements AutoCloseable {
    private final SourceConnection connection;
    private final Statement statement;
    private final ResultSet result;
    private final SqlFailures failures;
    private final SqlText sql;
    private final String name;

    private RunningQuery(
            SourceConnection connection,
            Statement statement,
            ResultSet result,
            SqlFailures failures,
            SqlText sql,
            String name) {
        this.connection = connection;
        this.statement = statement;
        this.result = result;
        this.failures = failures;
        this.sql = sql;
        this.name = name;
    }

    /**
     * Connects and executes.
     *
     * @param name what to call the query in errors
     */
    static RunningQuery start(JdbcSourceConfig config, SqlText sql, String name) {
        SqlFailures failures = new SqlFailures(config);
        SourceConnection connection = SourceConnection.open(config, failures);
        try {
            Statement statement = connection.createStatement();
            ResultSet result = statement.execute(sql.statement()) ? statement.getResultSet() : null;
            if (result == null) {
                throw new SourceException(
                        Category.REFUSED,
                        "SQL_STATEMENT",
                        name + ": the statement returns no rows (expected: one query)");
            }
            return new RunningQuery(connection, statement, result, failures, sql, name);
        } catch (SQLException e) {
            SQLException cause = connection.cause(sql.statement(), e);
            connection.close();
            throw failures.querying(cause, sql, name);
        } catch (RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    ResultSet result() {
        return result;
    }

    SourceException failure(SQLException e) {
        return failures.querying(e, sql, name);
    }

    SourceException refusal(String code, String what) {
        return new SourceException(Category.REFUSED, code, name + ": " + what);
    }

    @Override
    public void close() {
        try {
            statement.close();
        } catch (SQLException e) {
            // The connection goes next, and takes it along.
        }
        connection.close();
    }
}
