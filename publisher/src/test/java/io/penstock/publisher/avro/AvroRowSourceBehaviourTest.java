package io.penstock.publisher.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.TextFormat;
import io.penstock.publisher.DeltaBase;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.RowCursor;
import io.penstock.publisher.RowMark;
import io.penstock.publisher.RowOperation;
import io.penstock.publisher.SourceException;
import io.penstock.publisher.TestContracts;
import io.penstock.publisher.convert.RowColumns;
import io.penstock.store.testkit.fuzz.Fuzz;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that Avro itself wrote. */
class AvroRowSourceBehaviourTest {
    private static final Schema CUSTOMER = schema("""
            {"type": "record", "name": "Customer", "fields": [
              {"name": "customer_id", "type": "long"},
              {"name": "name", "type": "string"},
              {"name": "spend_cents", "type": {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 2}},
              {"name": "last_order_at", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]}]}""");
    private static final Schema EVERYTHING = schema("""
            {"type": "record", "name": "Everything", "fields": [
              {"name": "id", "type": "int"},
              {"name": "a_int32", "type": "int"},
              {"name": "a_sint32", "type": "long"},
              {"name": "a_sfixed32", "type": "int"},
              {"name": "a_uint32", "type": "long"},
              {"name": "a_fixed32", "type": "int"},
              {"name": "a_int64", "type": ["long", "null"]},
              {"name": "a_sint64", "type": "long"},
              {"name": "a_sfixed64", "type":
                {"type": "fixed", "name": "D", "size": 8, "logicalType": "decimal", "precision": 10, "scale": 2}},
              {"name": "a_uint64", "type": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 0}},
              {"name": "a_fixed64", "type": "long"},
              {"name": "a_double", "type": "double"},
              {"name": "a_float", "type": "float"},
              {"name": "a_bool", "type": "boolean"},
              {"name": "a_string", "type": ["null", "int", "string"]},
              {"name": "a_bytes", "type": "bytes"},
              {"name": "a_color", "type": {"type": "enum", "name": "Color", "symbols": ["COLOR_BLUE", "COLOR_RED"]}},
              {"name": "maybe_int64", "type": ["null", "long"]},
              {"name": "maybe_string", "type": ["null", {"type": "fixed", "name": "U", "size": 16, "logicalType": "uuid"}]},
              {"name": "a_timestamp", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
              {"name": "a_duration", "type": {"type": "fixed", "name": "L", "size": 12, "logicalType": "duration"}},
              {"name": "a_date", "type": {"type": "int", "logicalType": "date"}},
              {"name": "a_wrapped", "type": "int"},
              {"name": "some_int32", "type": {"type": "array", "items": "int"}},
              {"name": "some_strings", "type": {"type": "array", "items": "string"}},
              {"name": "some_points", "type": {"type": "array", "items":
                {"type": "record", "name": "Point", "fields": [
                  {"name": "x", "type": "int"},
                  {"name": "y", "type": ["null", "int"]},
                  {"name": "next", "type": {"type": "array", "items": "Point"}}]}}},
              {"name": "counts", "type": {"type": "map", "values": "long"}},
              {"name": "points", "type": {"type": "map", "values": "Point"}},
              {"name": "a_point", "type": "Point"},
              {"name": "unpacked", "type": {"type": "array", "items": "double"}},
              {"name": "choice_number", "type": ["null", "int"]},
              {"name": "choice_text", "type": ["null", "string"]},
              {"name": "some_timestamps", "type":
                {"type": "array", "items": {"type": "long", "logicalType": "timestamp-millis"}}}]}""");

    @TempDir
    Path directory;

    private static Schema schema(String json) {
        return new Schema.Parser().parse(json);
    }

    private static GenericRecord customer(long id) {
        return new GenericRecordBuilder(CUSTOMER)
                .set("customer_id", id)
                .set("name", "customer " + id)
                .set(
                        "spend_cents",
                        ByteBuffer.wrap(
                                BigDecimal.valueOf(id * 100, 2).unscaledValue().toByteArray()))
                .set("last_order_at", id % 2 == 0 ? null : -1_500_000L)
                .build();
    }

    private static List<GenericRecord> customers(int from, int to) {
        List<GenericRecord> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            rows.add(customer(i));
        }
        return rows;
    }

    private Path write(String name, String codec, Schema schema, List<GenericRecord> rows) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(CodecFactory.fromString(codec))
                    .setSyncInterval(4_096)
                    .create(schema, file.toFile());
            for (GenericRecord row : rows) {
                writer.append(row);
            }
        }
        return file;
    }

    private AvroRowSource source(String files) {
        return new AvroRowSource(AvroSourceConfig.of(files, directory));
    }

    private List<String> keys(String files) {
        List<String> keys = new ArrayList<>();
        try (RowCursor rows = source(files).open(TestContracts.CUSTOMER)) {
            while (rows.next()) {
                keys.add(new String(rows.key(), StandardCharsets.UTF_8));
            }
        }
        return keys;
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "deflate", "snappy", "zstandard"})
    void readsEveryRowWhateverTheCodec(String codec) throws IOException {
        write("rows.avro", codec, CUSTOMER, customers(0, 3_000));

        try (RowCursor rows = source("rows.avro").open(TestContracts.CUSTOMER)) {
            for (int i = 0; i < 3_000; i++) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.rowNumber()).isEqualTo(i + 1);
                assertThat(rows.isNull(3)).isEqualTo(i % 2 == 0);
                assertThat(TextFormat.printer()
                                .printToString(
                                        DynamicMessage.parseFrom(TestContracts.CUSTOMER.descriptor(), rows.value())))
                        .isEqualTo((i == 0 ? "" : "customer_id: " + i + "\n") + "name: \"customer " + i + "\"\n"
                                + (i == 0 ? "" : "spend_cents: " + i + "\n")
                                + (i % 2 == 0 ? "" : "last_order_at {\n  seconds: -2\n  nanos: 500000000\n}\n"));
            }
            assertThat(rows.next()).isFalse();
        }
    }

    @Test
    void mapsEveryTypeOfASchema() throws IOException {
        Schema point = EVERYTHING.getField("a_point").schema();
        GenericRecord leaf = new GenericRecordBuilder(point)
                .set("x", 5)
                .set("y", null)
                .set("next", List.of())
                .build();
        GenericRecord tree = new GenericRecordBuilder(point)
                .set("x", 0)
                .set("y", 2)
                .set("next", List.of(leaf))
                .build();
        ByteBuffer span = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        span.putInt(0).putInt(1).putInt(43_200_500);
        GenericRecord row = new GenericRecordBuilder(EVERYTHING)
                .set("id", 42)
                .set("a_int32", 1)
                .set("a_sint32", 2L)
                .set("a_sfixed32", -3)
                .set("a_uint32", 4L)
                .set("a_fixed32", 5)
                .set("a_int64", 6L)
                .set("a_sint64", -7L)
                .set(
                        "a_sfixed64",
                        fixed("a_sfixed64", ByteBuffer.allocate(8).putLong(-800).array()))
                .set("a_uint64", ByteBuffer.wrap(new java.math.BigInteger("18446744073709551615").toByteArray()))
                .set("a_fixed64", 10L)
                .set("a_double", 0.1)
                .set("a_float", 0.5f)
                .set("a_bool", true)
                .set("a_string", "ü")
                .set("a_bytes", ByteBuffer.wrap(new byte[] {0, -1}))
                .set(
                        "a_color",
                        new GenericData.EnumSymbol(
                                EVERYTHING.getField("a_color").schema(), "COLOR_RED"))
                .set("maybe_int64", null)
                .set(
                        "maybe_string",
                        new GenericData.Fixed(
                                EVERYTHING
                                        .getField("maybe_string")
                                        .schema()
                                        .getTypes()
                                        .get(1),
                                ByteBuffer.allocate(16).putLong(1).putLong(2).array()))
                .set("a_timestamp", Instant.parse("2024-03-31T02:30:00Z").getEpochSecond() * 1_000_000 + 123_456)
                .set("a_duration", fixed("a_duration", span.array()))
                .set("a_date", (int) LocalDate.of(2024, 2, 29).toEpochDay())
                .set("a_wrapped", 0)
                .set("some_int32", List.of(1, -2))
                .set("some_strings", List.of("a", ""))
                .set("some_points", List.of(tree))
                .set("counts", Map.of("b", 2L, "a", 1L))
                .set("points", Map.of())
                .set("a_point", tree)
                .set("unpacked", List.of(0.5))
                .set("choice_number", null)
                .set("choice_text", "c")
                .set(
                        "some_timestamps",
                        List.of(Instant.parse("2024-03-31T02:30:00Z").toEpochMilli()))
                .build();
        write("rows.avro", "null", EVERYTHING, List.of(row, row));

        try (RowCursor rows = source("rows.avro").open(TestContracts.EVERYTHING)) {
            assertThat(rows.next()).isTrue();
            assertThat(TextFormat.printer()
                            .printToString(
                                    DynamicMessage.parseFrom(TestContracts.EVERYTHING.descriptor(), rows.value())))
                    .isEqualTo(TextFormat.printer().printToString(message("""
                            id: 42 a_int32: 1 a_sint32: 2 a_sfixed32: -3 a_uint32: 4 a_fixed32: 5 a_int64: 6
                            a_sint64: -7 a_sfixed64: -8 a_uint64: 18446744073709551615 a_fixed64: 10 a_double: 0.1
                            a_float: 0.5 a_bool: true a_string: "ü" a_bytes: "\\000\\377" a_color: COLOR_RED
                            maybe_string: "00000000-0000-0001-0000-000000000002"
                            a_timestamp { seconds: 1711852200 nanos: 123456000 }
                            a_duration { seconds: 129600 nanos: 500000000 }
                            a_date { year: 2024 month: 2 day: 29 } a_wrapped { } some_int32: [1, -2]
                            some_strings: ["a", ""] some_points { y: 2 next { x: 5 } }
                            counts { key: "a" value: 1 } counts { key: "b" value: 2 }
                            a_point { y: 2 next { x: 5 } } unpacked: 0.5 choice_text: "c"
                            some_timestamps { seconds: 1711852200 }
                            """)));
            assertThat(rows.next()).isTrue();
        }
    }

    private static DynamicMessage message(String text) throws TextFormat.ParseException {
        DynamicMessage.Builder message = DynamicMessage.newBuilder(TestContracts.EVERYTHING.descriptor());
        TextFormat.merge(text, message);
        return message.build();
    }

    private static GenericData.Fixed fixed(String field, byte[] bytes) {
        return new GenericData.Fixed(EVERYTHING.getField(field).schema(), bytes);
    }

    @Test
    void readsFilesInTheOrderOfTheirPathsAndNamesRowsByFile() throws IOException {
        write("day/b.avro", "null", CUSTOMER, customers(10, 12));
        write("day/a.avro", "deflate", CUSTOMER, customers(0, 2));
        write("day/empty.avro", "null", CUSTOMER, List.of());
        write("day/deep/c.avro", "null", CUSTOMER, customers(20, 21));
        Files.writeString(directory.resolve("day/_SUCCESS"), "");

        assertThat(keys("day/*.avro")).containsExactly("0", "1", "10", "11");
        assertThat(keys("day/**.avro")).containsExactlyInAnyOrder("0", "1", "10", "11", "20");
        assertThat(keys(directory.resolve("day/a.avro").toUri().toString())).containsExactly("0", "1");
        AvroRowSource source = source("day/*.avro");
        try (RowCursor rows = source.open(TestContracts.CUSTOMER)) {
            while (rows.next()) {
                assertThat(rows.rowNumber()).isPositive();
            }
        }
        assertThat(source.nameOf(4)).isEqualTo("2 of b.avro");
    }

    @Test
    void refusesAPatternThatNamesNoFile() {
        assertThatThrownBy(() -> keys("day/*.avro"))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.category()).isEqualTo(Category.REFUSED))
                .hasMessage("avro day/*.avro: there is no directory " + directory.resolve("day")
                        + " (expected: at least one file)");
        assertThatThrownBy(() -> keys("none.avro")).hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> keys("*.avro")).hasMessageContaining("no file matches under " + directory);
    }

    @Test
    void namesFileRowAndFieldOfAValueThatDoesNotFit() throws IOException {
        GenericRecord bad = customer(3);
        bad.put("spend_cents", ByteBuffer.wrap(new byte[] {5}));
        write("a.avro", "null", CUSTOMER, customers(0, 5));
        write("b.avro", "null", CUSTOMER, List.of(customer(7), bad));

        assertThatThrownBy(() -> keys("*.avro"))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.code()).isEqualTo("CONVERSION"))
                .hasMessage(
                        "b.avro: row 2, field spend_cents: int64 cannot take this value of kind DECIMAL: it has digits"
                                + " after the point");
    }

    @Test
    void refusesASchemaThatIsNotTheContracts() throws IOException {
        Schema other = schema("""
                {"type": "record", "name": "Customer", "fields": [
                  {"name": "customer_id", "type": "long"}, {"name": "nome", "type": "string"}]}""");
        write(
                "rows.avro",
                "null",
                other,
                List.of(new GenericRecordBuilder(other)
                        .set("customer_id", 1L)
                        .set("nome", "x")
                        .build()));

        assertThatThrownBy(() -> source("rows.avro").open(TestContracts.CUSTOMER))
                .isInstanceOfSatisfying(
                        SourceException.class, e -> assertThat(e.code()).isEqualTo("COLUMN_MISMATCH"))
                .hasMessageStartingWith("rows.avro: ")
                .hasMessageContaining("no field for nome");
    }

    /** Wherever a file ends too early, but for the end of a block, which cannot be told from the end of the file. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "deflate"})
    void refusesAFileThatWasCut(String codec) throws IOException {
        Path file = write("whole.avro", codec, CUSTOMER, customers(0, 700));
        byte[] whole = Files.readAllBytes(file);
        int rows = keys("whole.avro").size();
        assertThat(rows).isEqualTo(700);
        int refused = 0;
        for (int length = 0; length < whole.length; length += length < 1_200 ? 7 : 97) {
            Files.write(directory.resolve("cut.avro"), Arrays.copyOf(whole, length));
            try {
                assertThat(keys("cut.avro")).as("%s bytes", length).hasSizeLessThan(700);
            } catch (SourceException e) {
                assertThat(e.code()).isEqualTo("AVRO_FILE");
                assertThat(e.getMessage()).startsWith("cut.avro: byte ");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(170);
        Files.write(directory.resolve("cut.avro"), Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> keys("cut.avro"))
                .hasMessageMatching(
                        "cut\\.avro: byte \\d+: the file ends in the middle of a block; it is not complete");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "deflate", "snappy", "zstandard"})
    void survivesAnyDamage(String codec) throws Exception {
        byte[] whole = Files.readAllBytes(write("whole.avro", codec, CUSTOMER, customers(0, 40)));
        Fuzz.bytes("Avro, " + codec, List.of(whole)).run(200, damaged -> {
            Files.write(directory.resolve("damaged.avro"), damaged);
            try {
                keys("damaged.avro");
            } catch (SourceException e) {
                assertThat(e.category()).isEqualTo(Category.REFUSED);
            }
        });
    }

    @Test
    void readsOperationsAndExpiries() throws IOException {
        Schema changes = schema("""
                {"type": "record", "name": "Change", "fields": [
                  {"name": "_op", "type": "string"},
                  {"name": "customer_id", "type": "long"},
                  {"name": "name", "type": ["null", "string"]},
                  {"name": "spend_cents", "type": ["null", "long"]},
                  {"name": "last_order_at", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
                  {"name": "until", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]}]}""");
        write(
                "rows.avro",
                "null",
                changes,
                List.of(
                        change(changes, "upsert", 1, "a", 1_999_999L),
                        change(changes, "delete", 2, null, null),
                        change(changes, "update", 3, "c", null)));
        AvroRowSource source = new AvroRowSource(new AvroSourceConfig(
                "rows.avro",
                Optional.of(Instant.EPOCH),
                Optional.of(DeltaBase.NONE),
                new RowColumns("_op", "until"),
                directory,
                false));

        assertThat(source.readDataAsOf()).contains(Instant.EPOCH);
        assertThat(source.readBase()).contains(DeltaBase.NONE);
        try (RowCursor rows = source.open(TestContracts.CUSTOMER)) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.mark())
                    .as("not readable for longer than said")
                    .isEqualTo(new RowMark(RowOperation.UPSERT, 1_999));
            assertThat(rows.next()).isTrue();
            assertThat(rows.mark()).isEqualTo(new RowMark(RowOperation.DELETE, RowMark.NEVER));
            assertThat(rows.key()).isEqualTo(new byte[] {'2'});
            assertThat(rows.value()).isEmpty();
            assertThatThrownBy(rows::next)
                    .hasMessage(
                            "rows.avro: row 3, field _op: this text is no operation (expected: insert, upsert or delete)");
        }
    }

    private static GenericRecord change(
            Schema schema, String operation, long id, @Nullable String name, @Nullable Long until) {
        return new GenericRecordBuilder(schema)
                .set("_op", operation)
                .set("customer_id", id)
                .set("name", name)
                .set("spend_cents", name == null ? null : id)
                .set("last_order_at", null)
                .set("until", until)
                .build();
    }
}
