package io.penstock.publisher.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.TestContracts;
import java.nio.file.Path;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of every kind, as DuckDB's driver returns them, in a message; nested ones, too. */
class DuckDbValuesBehaviourTest {
    private static final String QUERY = """
            SELECT 42 AS id, 1::INTEGER AS a_int32, 2::TINYINT AS a_sint32, -3::SMALLINT AS a_sfixed32,
                4::UINTEGER AS a_uint32, 5::UTINYINT AS a_fixed32, 6::HUGEINT AS a_int64, -7::BIGINT AS a_sint64,
                8.00::DECIMAL(9, 2) AS a_sfixed64, 18446744073709551615::UBIGINT AS a_uint64, 10::UHUGEINT AS a_fixed64,
                0.1::DECIMAL(3, 2) AS a_double, 0.5::FLOAT AS a_float, true AS a_bool, 'ü' AS a_string,
                '\\x00\\xFF'::BLOB AS a_bytes, 'COLOR_RED'::ENUM('COLOR_RED') AS a_color, NULL::BIGINT AS maybe_int64,
                '' AS maybe_string, TIMESTAMP '2024-03-31 02:30:00.123456' AS a_timestamp, INTERVAL 36 HOURS AS a_duration,
                DATE '2024-02-29' AS a_date, 0 AS a_wrapped, [1, -2] AS some_int32, ['a', ''] AS some_strings,
                [{'x': 1, 'y': NULL, 'next': []}] AS some_points, MAP {'b': 2, 'a': 1} AS counts,
                MAP {7: {'x': 1, 'y': 2, 'next': []}} AS points,
                {'x': 0, 'y': 0, 'next': [{'x': 5, 'y': NULL, 'next': []}]} AS a_point, [0.5]::DOUBLE[] AS unpacked,
                NULL::INTEGER AS choice_number, 'c' AS choice_text,
                [TIMESTAMPTZ '2024-03-31 02:30:00+00'] AS some_timestamps
            """;
    private static final String MESSAGE = """
            id: 42
            a_int32: 1
            a_sint32: 2
            a_sfixed32: -3
            a_uint32: 4
            a_fixed32: 5
            a_int64: 6
            a_sint64: -7
            a_sfixed64: 8
            a_uint64: 18446744073709551615
            a_fixed64: 10
            a_double: 0.1
            a_float: 0.5
            a_bool: true
            a_string: "\\303\\274"
            a_bytes: "\\000\\377"
            a_color: COLOR_RED
            maybe_string: ""
            a_timestamp {
              seconds: 1711852200
              nanos: 123456000
            }
            a_duration {
              seconds: 129600
            }
            a_date {
              year: 2024
              month: 2
              day: 29
            }
            a_wrapped {
            }
            some_int32: 1
            some_int32: -2
            some_strings: "a"
            some_strings: ""
            some_points {
              x: 1
            }
            counts {
              key: "a"
              value: 1
            }
            counts {
              key: "b"
              value: 2
            }
            points {
              key: 7
              value {
                x: 1
                y: 2
              }
            }
            a_point {
              y: 0
              next {
                x: 5
              }
            }
            unpacked: 0.5
            choice_text: "c"
            some_timestamps {
              seconds: 1711852200
            }
            """;
    private final TimeZone zoneBefore = TimeZone.getDefault();

    @TempDir
    Path directory;

    @AfterEach
    void restoreTheZone() {
        TimeZone.setDefault(zoneBefore);
    }

    /** Berlin's clocks have no 02:30 on that day; Chatham's are 45 minutes off the hour. */
    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Europe/Berlin", "Pacific/Chatham"})
    void areTheSameInEveryTimeZone(String zone) throws InvalidProtocolBufferException {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));

        assertThat(read(QUERY)).isEqualTo(MESSAGE);
    }

    @Test
    void takesANestedZonelessTimestampAsUtc() throws InvalidProtocolBufferException {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));

        assertThat(read(QUERY.replace("TIMESTAMPTZ '2024-03-31 02:30:00+00'", "TIMESTAMP '2024-03-31 02:30:00'")))
                .isEqualTo(MESSAGE);
    }

    @Test
    void refusesANestedZonelessTimestampThatTheDriverCannotGive() {
        String nested = QUERY.replace("TIMESTAMPTZ '2024-03-31 02:30:00+00'", "TIMESTAMP '2024-03-31 02:30:00'");
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        assertThatThrownBy(() -> read(nested))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.code()).isEqualTo("NESTED_TIMESTAMP"))
                .hasMessage("row 1, field some_timestamps: a TIMESTAMP without time zone inside a list, struct or map"
                        + " cannot be read exactly in the JVM's time zone Europe/Berlin: cast it to TIMESTAMP WITH TIME"
                        + " ZONE in the query, or run with -Duser.timezone=UTC");

        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        assertThatThrownBy(() -> read(nested.replace("TIMESTAMP '2024-03-31", "TIMESTAMP '1500-03-31")))
                .hasMessageContaining("cannot be read exactly before the year 1583: cast it");
    }

    @Test
    void refusesANullInAList() {
        assertThatThrownBy(() -> read(QUERY.replace("[1, -2]", "[1, NULL]")))
                .hasMessage("row 1, field some_int32[1]: an element of a list cannot be NULL");
    }

    private String read(String sql) throws InvalidProtocolBufferException {
        JdbcRowSource source = new JdbcRowSource(JdbcSourceConfig.duckDb(sql, directory));
        try (RowCursor rows = source.open(TestContracts.EVERYTHING)) {
            assertThat(rows.next()).isTrue();
            return TextFormat.printer()
                    .printToString(DynamicMessage.parseFrom(TestContracts.EVERYTHING.descriptor(), rows.value()));
        }
    }
}
