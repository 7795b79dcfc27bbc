package io.penstock.publisher.source;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.Locale;
import java.util.Objects;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/** Reads one column of every row without letting the JVM's time zone touch it. */
@FunctionalInterface
interface ColumnReader {
    @Nullable
    Object read(ResultSet row) throws SQLException;

    /** The reader for a column, counted from 1. */
    static ColumnReader of(ResultSetMetaData columns, int column) throws SQLException {
        String type = Objects.requireNonNullElse(columns.getColumnTypeName(column), "")
                .toLowerCase(Locale.ROOT);
        if (type.startsWith("interval") || type.equals("json") || type.equals("jsonb")) {
            return row -> row.getString(column);
        }
        boolean zoned = type.equals("timestamptz") || type.equals("datetimeoffset") || type.contains("with time zone");
        return switch (columns.getColumnType(column)) {
            case Types.DATE -> row -> row.getObject(column, LocalDate.class);
            case Types.TIMESTAMP -> zoned ? instant(column) : row -> zoneless(row, column);
            case Types.TIMESTAMP_WITH_TIMEZONE -> instant(column);
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> row -> row.getBytes(column);
            case Types.CLOB, Types.NCLOB, Types.LONGVARCHAR, Types.LONGNVARCHAR, Types.SQLXML ->
                row -> row.getString(column);
            default -> row -> SqlValues.canonical(row.getObject(column));
        };
    }

    private static ColumnReader instant(int column) {
        return row -> {
            OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
            return time == null ? null : time.toInstant();
        };
    }

    private static @Nullable Object zoneless(ResultSet row, int column) throws SQLException {
        try {
            return row.getObject(column, LocalDateTime.class);
        } catch (java.sql.SQLFeatureNotSupportedException e) {
            // An older driver: the calendar says that the local time is UTC's.
            java.sql.Timestamp timestamp = row.getTimestamp(column, Calendar.getInstance(TimeZone.getTimeZone("UTC")));
            return timestamp == null ? null : timestamp.toInstant();
        }
    }
}
