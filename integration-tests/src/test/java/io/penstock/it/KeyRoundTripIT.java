package io.penstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import io.penstock.cli.ExitCode;
import io.penstock.cli.Penstock;
import io.penstock.cli.output.Console;
import io.penstock.client.Lookup;
import io.penstock.client.PenstockClient;
import io.penstock.it.keys.Fixed32RowClient;
import io.penstock.it.keys.Fixed64RowClient;
import io.penstock.it.keys.Int32RowClient;
import io.penstock.it.keys.Int64RowClient;
import io.penstock.it.keys.MixedRowClient;
import io.penstock.it.keys.MixedRowKey;
import io.penstock.it.keys.Sfixed32RowClient;
import io.penstock.it.keys.Sfixed64RowClient;
import io.penstock.it.keys.Sint32RowClient;
import io.penstock.it.keys.Sint64RowClient;
import io.penstock.it.keys.StringAndInt64RowClient;
import io.penstock.it.keys.StringAndInt64RowKey;
import io.penstock.it.keys.StringRowClient;
import io.penstock.it.keys.ThreeStringsRowClient;
import io.penstock.it.keys.ThreeStringsRowKey;
import io.penstock.it.keys.TwoInt64sRowClient;
import io.penstock.it.keys.TwoInt64sRowKey;
import io.penstock.it.keys.TwoStringsRowClient;
import io.penstock.it.keys.TwoStringsRowKey;
import io.penstock.it.keys.Uint32RowClient;
import io.penstock.it.keys.Uint64RowClient;
import io.penstock.serving.ServingServer;
import io.penstock.serving.config.ServingConfig;
import io.penstock.store.Store;
import io.penstock.store.Stores;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys of every kind, by way of the golden vectors: rows are published from SQL, whose columns are the vectors' values, and
 * found again under the vectors' keys by the generated clients, by keys that are texts, and by the command.
 */
class KeyRoundTripIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path VECTORS = Path.of("../contract/src/test/resources/key-vectors.json");
    private static final Path DESCRIPTORS = Path.of("target/contracts.binpb").toAbsolutePath();

    /** Values beyond the vectors. */
    private static final String LONGEST = "x".repeat(1_024);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private static Path directory;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static Store store;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static ServingServer server;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PenstockClient penstock;

    /** A golden vector: values as texts, and their key. */
    record Vector(List<String> types, List<String> values, String key) {
        @Override
        public String toString() {
            return types + " " + JSON.valueToTree(values);
        }
    }

    /** How a generated client is asked for a vector's row. */
    @FunctionalInterface
    private interface Reader {
        Lookup<? extends Message> get(PenstockClient client, List<String> values);
    }

    /** A list of key types as the contracts of this test have it. */
    private record Kind(String message, String dataset, List<String> types, Reader reader) {}

    private static final List<Kind> KINDS = List.of(
            kind("String", "string", (c, v) -> StringRowClient.of(c).get(v.get(0))),
            kind("Int32", "int32", (c, v) -> Int32RowClient.of(c).get(Integer.parseInt(v.get(0)))),
            kind("Sint32", "sint32", (c, v) -> Sint32RowClient.of(c).get(Integer.parseInt(v.get(0)))),
            kind("Sfixed32", "sfixed32", (c, v) -> Sfixed32RowClient.of(c).get(Integer.parseInt(v.get(0)))),
            kind("Int64", "int64", (c, v) -> Int64RowClient.of(c).get(Long.parseLong(v.get(0)))),
            kind("Sint64", "sint64", (c, v) -> Sint64RowClient.of(c).get(Long.parseLong(v.get(0)))),
            kind("Sfixed64", "sfixed64", (c, v) -> Sfixed64RowClient.of(c).get(Long.parseLong(v.get(0)))),
            kind("Uint32", "uint32", (c, v) -> Uint32RowClient.of(c).get(Integer.parseUnsignedInt(v.get(0)))),
            kind("Fixed32", "fixed32", (c, v) -> Fixed32RowClient.of(c).get(Integer.parseUnsignedInt(v.get(0)))),
            kind("Uint64", "uint64", (c, v) -> Uint64RowClient.of(c).get(Long.parseUnsignedLong(v.get(0)))),
            kind("Fixed64", "fixed64", (c, v) -> Fixed64RowClient.of(c).get(Long.parseUnsignedLong(v.get(0)))),
            kind(
                    "TwoStrings",
                    "string string",
                    (c, v) -> TwoStringsRowClient.of(c).get(new TwoStringsRowKey(v.get(0), v.get(1)))),
            kind(
                    "ThreeStrings",
                    "string string string",
                    (c, v) -> ThreeStringsRowClient.of(c).get(new ThreeStringsRowKey(v.get(0), v.get(1), v.get(2)))),
            kind(
                    "StringAndInt64",
                    "string int64",
                    (c, v) -> StringAndInt64RowClient.of(c)
                            .get(new StringAndInt64RowKey(v.get(0), Long.parseLong(v.get(1))))),
            kind(
                    "Mixed",
                    "uint64 string int32",
                    (c, v) -> MixedRowClient.of(c)
                            .get(new MixedRowKey(
                                    Long.parseUnsignedLong(v.get(0)), v.get(1), Integer.parseInt(v.get(2))))),
            kind(
                    "TwoInt64s",
                    "int64 int64",
                    (c, v) -> TwoInt64sRowClient.of(c)
                            .get(new TwoInt64sRowKey(Long.parseLong(v.get(0)), Long.parseLong(v.get(1))))));

    private static Kind kind(String name, String types, Reader reader) {
        String product = name.replaceAll("(?<!^)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return new Kind(name + "Row", product + "-keys.v1", List.of(types.split(" ", -1)), reader);
    }

    @BeforeAll
    static void publishAndServe() throws Exception {
        List<String> command = new ArrayList<>(List.of("publish"));
        for (Kind kind : KINDS) {
            command.add(publication(kind).toString());
        }
        Run published = run(command.toArray(String[]::new));
        assertThat(published.exitCode).as(published.err).isEqualTo(ExitCode.DONE);

        store = Stores.open(storeUrl(), false);
        ServingConfig config = ServingConfig.defaults()
                .withStore(storeUrl())
                .withListen("127.0.0.1:0")
                .withHttp("none");
        server = ServingServer.start(config, store);
        assertThat(server.awaitReady(Duration.ofSeconds(60))).isTrue();
        penstock = PenstockClient.builder(server.address())
                .deadline(Duration.ofSeconds(20))
                .build();
    }

    @AfterAll
    static void stop() {
        penstock.close();
        server.close();
        store.close();
    }

    static List<Vector> vectors() throws Exception {
        List<Vector> vectors = new ArrayList<>();
        for (JsonNode each : JSON.readTree(Files.readAllBytes(VECTORS)).get("encode")) {
            vectors.add(new Vector(
                    texts(each.get("types")),
                    texts(each.get("values")),
                    each.get("key").asText()));
        }
        vectors.add(new Vector(List.of("string"), List.of(LONGEST), LONGEST));
        vectors.add(new Vector(List.of("string"), List.of("line\nbreak\ttab"), "line\nbreak\ttab"));
        vectors.add(new Vector(List.of("string", "string"), List.of("\\".repeat(511), ""), "\\\\".repeat(511) + "|"));
        return vectors;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    @Test
    void haveAContractForEveryListOfTypes() throws Exception {
        assertThat(KINDS.stream().map(Kind::types).toList())
                .containsExactlyInAnyOrderElementsOf(
                        vectors().stream().map(Vector::types).distinct().toList());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void findTheirRowThroughTheGeneratedClient(Vector vector) {
        Lookup<? extends Message> lookup = kindOf(vector).reader.get(penstock, vector.values);
        assertThat(encoded(lookup.orElseThrow())).isEqualTo(vector.key);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void findTheirRowAsAText(Vector vector) {
        assertThat(penstock.get(kindOf(vector).dataset, vector.key).value()).isPresent();
    }

    @Test
    void findTheirRowThroughTheCommand() throws Exception {
        Map<Kind, List<Vector>> byKind = new LinkedHashMap<>();
        vectors()
                .forEach(vector -> byKind.computeIfAbsent(kindOf(vector), kind -> new ArrayList<>())
                        .add(vector));
        for (Map.Entry<Kind, List<Vector>> each : byKind.entrySet()) {
            // A process has no NUL in its arguments.
            List<Vector> typed = each.getValue().stream()
                    .filter(vector -> vector.key.indexOf('\0') < 0)
                    .toList();
            List<String> command = new ArrayList<>(
                    List.of("get", each.getKey().dataset, "--server", server.address(), "--json", "--"));
            typed.forEach(vector -> command.add(vector.key));
            Run read = run(command.toArray(String[]::new));
            assertThat(read.exitCode).as(read.err).isEqualTo(ExitCode.DONE);
            List<String> lines = read.out.lines().toList();
            assertThat(lines).hasSameSizeAs(typed);
            for (int i = 0; i < typed.size(); i++) {
                JsonNode answer = JSON.readTree(lines.get(i));
                assertThat(answer.get("key").asText()).isEqualTo(typed.get(i).key);
                assertThat(answer.get("outcome").asText()).isEqualTo("FOUND");
                assertThat(answer.get("value").get("encoded").asText()).isEqualTo(typed.get(i).key);
            }
        }
    }

    @Test
    void doNotMeetInABatchOfAll() {
        List<TwoStringsRowKey> keys = List.of(
                new TwoStringsRowKey("a|b", "c"),
                new TwoStringsRowKey("a", "b|c"),
                new TwoStringsRowKey("", ""),
                new TwoStringsRowKey("a", "no such row"));
        Map<TwoStringsRowKey, ? extends Lookup<? extends Message>> rows =
                TwoStringsRowClient.of(penstock).getAll(keys);
        assertThat(rows.keySet()).containsExactlyElementsOf(keys);
        assertThat(rows.values().stream()
                        .map(lookup ->
                                lookup.value().map(KeyRoundTripIT::encoded).orElse("absent"))
                        .toList())
                .containsExactly("a\\|b|c", "a|b\\|c", "|", "absent");
    }

    private static String encoded(Message row) {
        return (String) row.getField(row.getDescriptorForType().findFieldByName("encoded"));
    }

    private static Kind kindOf(Vector vector) {
        return KINDS.stream()
                .filter(kind -> kind.types.equals(vector.types))
                .findFirst()
                .orElseThrow();
    }

    /** A publication whose rows are the vectors of one kind. */
    private static Path publication(Kind kind) throws Exception {
        String rows = vectors().stream()
                .filter(vector -> vector.types.equals(kind.types))
                .map(vector -> "(" + columns(vector) + ")")
                .collect(Collectors.joining(",\n  "));
        String names = IntStream.rangeClosed(1, kind.types.size())
                .mapToObj(i -> "k" + i + ", ")
                .collect(Collectors.joining());
        Files.writeString(
                directory.resolve(kind.message + ".sql"),
                "select * from (values\n  " + rows + "\n) as vectors(" + names + "encoded)");
        return Files.writeString(
                directory.resolve(kind.message + ".yaml"), """
                descriptors: %s
                message: keys.v1.%s
                source: { query: %s.sql }
                """.formatted(DESCRIPTORS, kind.message, kind.message));
    }

    private static String columns(Vector vector) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < vector.types.size(); i++) {
            String value = vector.values.get(i);
            columns.add(vector.types.get(i).equals("string") ? literal(value) : value + "::HUGEINT");
        }
        columns.add(literal(vector.key));
        return String.join(", ", columns);
    }

    private static String literal(String text) {
        String quoted = "'" + text.replace("'", "''") + "'";
        return text.indexOf('\0') < 0 ? quoted : quoted.replace("\0", "' || chr(0) || '");
    }

    private static String storeUrl() {
        return "lmdb:" + directory.resolve("store");
    }

    private record Run(ExitCode exitCode, String out, String err) {}

    private static Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ExitCode exitCode = Penstock.run(
                new Console(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of("PENSTOCK_STORE", storeUrl()),
                        false),
                arguments);
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
