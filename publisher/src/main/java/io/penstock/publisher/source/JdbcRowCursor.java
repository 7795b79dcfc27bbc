package io.penstock.publisher.source;

import io.penstock.contract.Contract;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.convert.RowColumns;
import io.penstock.publisher.convert.RowConverter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one query, converted as they stream. */
final class JdbcRowCursor implements RowCursor {
    private final RunningQuery query;
    private final ResultSet result;
    private final ColumnReader[] columns;
    private final List<String> columnNames;
    private final @Nullable Object[] values;
    private final RowConverter converter;
    private long rowNumber;

    /** Takes the query over, also when it throws. */
    JdbcRowCursor(RunningQuery query, Contract contract, RowColumns special, boolean showKeys) {
        try {
            this.query = query;
            this.result = query.result();
            ResultSetMetaData metaData = result.getMetaData();
            columns = new ColumnReader[metaData.getColumnCount()];
            columnNames = new ArrayList<>();
            for (int i = 0; i < columns.length; i++) {
                columns[i] = ColumnReader.of(metaData, i + 1);
                columnNames.add(metaData.getColumnLabel(i + 1));
            }
            values = new Object[columns.length];
            converter = new RowConverter(contract, columnNames, special, showKeys);
        } catch (SQLException e) {
            query.close();
            throw query.failure(e);
        } catch (RuntimeException e) {
            query.close();
            throw e;
        }
    }

    @Override
    public boolean next() {
        try {
            if (!result.next()) {
                return false;
            }
            rowNumber++;
            for (int i = 0; i < columns.length; i++) {
                values[i] = read(i);
            }
        } catch (SQLException e) {
            throw query.failure(e);
        }
        converter.convert(values, rowNumber);
        return true;
    }

    private @Nullable Object read(int column) throws SQLException {
        try {
            return columns[column].read(result);
        } catch (SourceException e) {
            throw new SourceException(
                    e.category(),
                    e.code(),
                    "row " + rowNumber + ", field " + columnNames.get(column) + ": " + e.getMessage());
        }
    }

    @Override
    public byte[] key() {
        return converter.key();
    }

    @Override
    public byte[] value() {
        return converter.value();
    }

    @Override
    public RowMark mark() {
        return converter.mark();
    }

    @Override
    public long rowNumber() {
        return rowNumber;
    }

    @Override
    public boolean isNull(int fieldIndex) {
        return converter.isNull(fieldIndex);
    }

    @Override
    public void close() {
        query.close();
    }
}
