package io.penstock.publisher.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.publisher.DeltaBase;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.avro.AvroSourceConfig;
import io.penstock.publisher.convert.RowColumns;
import io.penstock.publisher.file.PublicationSpec.ContractLocation;
import io.penstock.publisher.guardrail.FieldLimits;
import io.penstock.publisher.guardrail.Guardrails;
import io.penstock.publisher.source.JdbcSourceConfig;
import io.penstock.storage.v1.Mode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicationFileBehaviourTest {
    private static final String MINIMAL = """
            contract: customer.proto
            message: tests.v1.Customer
            source:
              sql: SELECT 1
            """;
    static final String EVERYTHING = """
            namespace: growth
            contract: protos/customer.proto
            proto_path: [., ../protos]
            message: tests.v1.Customer
            source:
              url: "jdbc:postgresql://db/${env:DB}"
              properties: { user: "${env:DB_USER}", password: "${file:secret.txt}" }
              query: customer.sql
              parameters: { day: 2024-02-29, region: { raw: "'eu', 'us'" } }
              data_as_of: "select max(d) from t where d <= '${day}'"
            mode: snapshot
            checks:
              rows-present: { min: 10, max: 500 }
              row-count-change: { min: -5%, max: +50 % }
              rows-updated: { max: 60% }
              rows-removed: { max: 0% }
              rows-changed: { max: 150 % }
              row-size-growth: { max: +25% }
              data-age: { max: 1d2h }
              null-rate: { max: +1.5 points, fields: { name: 5% } }
              blank-rate: { fields: { name: 1% } }
              distinct-count: { fields: { name: { min: 3, max: 10 } } }
              range: { fields: { spend: { min: -0.5 }, age: { max: 1e2 } } }
              mean-shift: { fields: { spend: 10% } }
              canary-keys: { "17": { name: Ada, spend: 3 }, b: {} }
            retention: { versions: 5 }
            labels: { run_id: "${env:RUN_ID:-none}", team: growth }
            """;

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void mapsEveryKey() {
        environment.put("DB", "shop");
        environment.put("DB_USER", "reader");
        write("secret.txt", "geheim\n");
        write("customer.sql", "SELECT * FROM t WHERE day = '${day}' AND region IN (${region})");

        PublicationSpec spec = read(EVERYTHING);

        assertThat(spec)
                .isEqualTo(new PublicationSpec(
                        directory.resolve("publication.yaml"),
                        "growth",
                        new ContractLocation(
                                directory.resolve("protos/customer.proto"),
                                false,
                                List.of(directory, directory.resolveSibling("protos")),
                                "tests.v1.Customer"),
                        new JdbcSourceConfig(
                                "jdbc:postgresql://db/shop",
                                Map.of("user", "reader", "password", "geheim"),
                                Set.of("geheim"),
                                "SELECT * FROM t WHERE day = '2024-02-29' AND region IN ('eu', 'us')",
                                "customer.sql",
                                Optional.of("select max(d) from t where d <= '2024-02-29'"),
                                Optional.empty(),
                                RowColumns.NONE,
                                directory,
                                List.of(),
                                false),
                        Mode.MODE_SNAPSHOT,
                        Guardrails.DEFAULTS.toBuilder()
                                .rowsMin(10)
                                .rowsMax(500)
                                .rowCountDropMax(0.05)
                                .rowCountGrowthMax(0.5)
                                .rowsUpdatedMax(0.6)
                                .rowsRemovedMax(0)
                                .rowsChangedMax(1.5)
                                .rowSizeGrowthMax(0.25)
                                .dataAgeMax(Duration.ofHours(26))
                                .nullRateRiseMax(0.015)
                                .field(
                                        "name",
                                        FieldLimits.NONE
                                                .withNullRate(0.05)
                                                .withBlankRate(0.01)
                                                .withDistinct(3, 10))
                                .field(
                                        "spend",
                                        FieldLimits.NONE
                                                .withRange(-0.5, Double.POSITIVE_INFINITY)
                                                .withMeanShift(0.1))
                                .field("age", FieldLimits.NONE.withRange(Double.NEGATIVE_INFINITY, 100))
                                .canary("17", Map.of("name", "Ada", "spend", "3"))
                                .canary("b", Map.of())
                                .build(),
                        5,
                        Map.of("run_id", "none", "team", "growth")));
    }

    @Test
    void hasTheseDefaults() {
        PublicationSpec spec = read(MINIMAL);

        assertThat(spec)
                .isEqualTo(new PublicationSpec(
                        directory.resolve("publication.yaml"),
                        "default",
                        new ContractLocation(
                                directory.resolve("customer.proto"), false, List.of(directory), "tests.v1.Customer"),
                        new JdbcSourceConfig(
                                "jdbc:duckdb:",
                                Map.of(),
                                Set.of(),
                                "SELECT 1",
                                "sql",
                                Optional.empty(),
                                Optional.empty(),
                                RowColumns.NONE,
                                directory,
                                List.of(),
                                false),
                        Mode.MODE_SNAPSHOT,
                        Guardrails.DEFAULTS,
                        3,
                        Map.of()));
    }

    @Test
    void readsWhatADeltaFollows() {
        PublicationSpec spec =
                read(MINIMAL.replace("source:", "mode: delta\nsource:\n  parameters: { since: 2024-02-29 }")
                        .replace("sql: SELECT 1", "sql: SELECT 1\n  base: ${since}\n  columns: { expires_at: until }"));

        assertThat(spec.mode()).isEqualTo(Mode.MODE_DELTA);
        JdbcSourceConfig source = (JdbcSourceConfig) spec.source();
        assertThat(source.base()).contains("2024-02-29");
        assertThat(source.columns()).isEqualTo(new RowColumns("_op", "until"));
    }

    @Test
    void takesAvroFilesInPlaceOfAQuery() {
        PublicationSpec spec = read(
                MINIMAL.replace("source:", "mode: delta\nsource:\n  parameters: { day: 2024-02-29 }")
                        .replace(
                                "sql: SELECT 1",
                                "avro: export/${day}/*.avro\n  data_as_of: ${day}\n  base: none\n  columns: { operation: op }"));

        assertThat(spec.source())
                .isEqualTo(new AvroSourceConfig(
                        "export/2024-02-29/*.avro",
                        Optional.of(Instant.parse("2024-02-29T00:00:00Z")),
                        Optional.of(DeltaBase.NONE),
                        new RowColumns("op", null),
                        directory,
                        false));
    }

    @Test
    void takesADescriptorSetInPlaceOfAContract() {
        PublicationSpec spec = read(MINIMAL.replace("contract: customer.proto", "descriptors: all.binpb"));

        assertThat(spec.contract())
                .isEqualTo(new ContractLocation(directory.resolve("all.binpb"), true, List.of(), "tests.v1.Customer"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // what to replace | by what | line | the rest of the message
                "message: | massage: | 2 | massage: unknown key (known here: namespace, contract, descriptors, proto_path, message, source, mode, checks, retention, labels)",
                "sql: | `sql: SELECT 2\n  sql: ` | 5 | source.sql: the key is there twice",
                "sql: SELECT 1 | `sql:` | 4 | source.sql: no value (remove the key, or write \"\" for an empty text)",
                "sql: SELECT 1 | `sql: [SELECT 1]` | 4 | source.sql: a list (expected: one value)",
                "sql: SELECT 1 | `sql: {a: SELECT 1}` | 4 | source.sql: a mapping (expected: one value)",
                "sql: SELECT 1 | `retries: 1` | 4 | source.retries: unknown key (known here: url, properties, query, sql, avro, parameters, data_as_of, base, columns)",
                "sql: SELECT 1 | `url: 'jdbc:x'` | 4 | source: neither the key query nor the key sql nor the key avro is there (expected: one of them)",
                "sql: | `query: a.sql\n  sql: ` | 5 | source.sql: stands beside source.query (expected: one of them)",
                "message: tests.v1.Customer | `mode: snapshot` | 1 | the key message is missing",
                "message: | `descriptors: x\nmessage: ` | 2 | descriptors: stands beside contract (expected: one of them)",
                "message: | `proto_path: .\nmessage: ` | 2 | proto_path: one value (expected: a list)",
                "contract: customer.proto | `descriptors: x\nproto_path: [.]` | 2 | proto_path: has no meaning with descriptors, which are complete (remove it)",
                "message: | `mode: merge\nmessage: ` | 2 | mode: merge (expected: snapshot, upsert or delta)",
                "message: | `mode: delta\nmessage: ` | 5 | source: the key base is missing (a delta needs it: the data_as_of of the version it follows)",
                "sql: SELECT 1 | `sql: SELECT 1\n  base: none` | 5 | source.base: has a meaning in mode delta only (remove it)",
                "sql: SELECT 1 | `sql: SELECT 1\n  columns: { operation: op }` | 5 | source.columns.operation: has a meaning in mode delta only (remove it)",
                "sql: SELECT 1 | `avro: a.avro\n  url: 'jdbc:x'` | 5 | source.url: has no meaning with source.avro, which are files (remove it)",
                "sql: SELECT 1 | `avro: a.avro\n  data_as_of: yesterday` | 5 | source.data_as_of: 'yesterday' (expected: a date or a timestamp, as 2026-11-19 or 2026-11-19T04:00:00Z)",
                "message: | `retention: 3\nmessage: ` | 2 | retention: one value (expected: a mapping of keys to values)",
                "message: | `retention: {versions: 0}\nmessage: ` | 2 | retention.versions: '0' (expected: a whole number >= 1)",
                "message: | `retention: {}\nmessage: ` | 2 | retention: the key versions is missing",
                "message: | `checks: {rows: 1}\nmessage: ` | 2 | checks.rows: unknown key (known here: rows-present, row-count-change, rows-updated, rows-removed, rows-changed, row-size-growth, data-age, null-rate, blank-rate, distinct-count, range, mean-shift, canary-keys)",
                "message: | `checks: {rows-present: {most: 1}}\nmessage: ` | 2 | checks.rows-present.most: unknown key (known here: min, max)",
                "message: | `checks: {rows-present: {min: many}}\nmessage: ` | 2 | checks.rows-present.min: 'many' (expected: a whole number >= 0)",
                "message: | `checks: {row-count-change: {min: 20%}}\nmessage: ` | 2 | checks.row-count-change.min: '20%' (expected: -100% to 0%, as -20%)",
                "message: | `checks: {row-count-change: {max: 2}}\nmessage: ` | 2 | checks.row-count-change.max: '2' (expected: 0% or more, as +100%)",
                "message: | `checks: {data-age: {max: soon}}\nmessage: ` | 2 | checks.data-age.max: 'soon' (expected: a length of time, as 26h or 1d12h)",
                "message: | `checks: {range: {fields: {a: {min: 2, max: 1}}}}\nmessage: ` | 2 | checks.range.fields.a: guardrails: a smallest is above its largest",
                "message: | `checks: {blank-rate: {fields: {a: 101%}}}\nmessage: ` | 2 | checks.blank-rate.fields.a: '101%' (expected: 0% to 100%, as 5%)",
                "message: | `checks: {null-rate: {max: 10%}}\nmessage: ` | 2 | checks.null-rate.max: '10%' (expected: 0 to 100 points, as +10 points)",
                "message: | `labels: {a: *x}\nmessage: ` | 2 | labels.a: anchors and aliases are not supported",
                "message: | `labels: {a: !x geheim}\nmessage: ` | 2 | labels.a: tags are not supported (put a value that begins with ! in quotes)",
                "sql: | `url: duckdb:x\n  sql: ` | 4 | source.url: not a JDBC URL (expected: jdbc:…)",
                "sql: | `parameters: {a-b: 1}\n  sql: ` | 4 | source.parameters.a-b: not a parameter's name (expected: letters, digits and _)",
                "sql: | `parameters: {a: {row: 1}}\n  sql: ` | 4 | source.parameters.a.row: unknown key (known here: raw)",
                "SELECT 1 | `SELECT ${day}` | 4 | source.sql: no parameter for ${day} (declared under source.parameters: none)",
                "SELECT 1 | `SELECT '${env:X}'` | 4 | source.sql: no parameter for ${env:X} (declared under source.parameters: none)",
                "sql: | `data_as_of: SELECT ${d}\n  sql: ` | 4 | source.data_as_of: no parameter for ${d} (declared under source.parameters: none)",
            })
    void saysFileLineAndKey(String replace, String by, int line, String message) {
        assertThat(MINIMAL).contains(replace);
        assertRefused(
                () -> read(MINIMAL.replace(replace, by)),
                directory.resolve("publication.yaml") + ":" + line + ": " + message);
    }

    @Test
    void refusesANamespaceThatIsNone() {
        assertThatThrownBy(() -> read("namespace: Growth Team\n" + MINIMAL))
                .isInstanceOf(PublisherException.class)
                .hasMessageStartingWith(directory.resolve("publication.yaml") + ":1: namespace: ");
    }

    @Test
    void refusesWhatIsNoPublication() {
        Path file = directory.resolve("publication.yaml");
        assertRefused(() -> read(""), file + ":1: empty (expected: a publication)");
        assertRefused(() -> read("hello"), file + ":1: one value (expected: a mapping of keys to values)");
        assertRefused(() -> read(MINIMAL + "---\n" + MINIMAL), file + ":6: a second document (expected: one)");
        assertRefused(
                () -> read("a: [1\nb: 2\n"),
                file + ":2: not YAML: while parsing a flow sequence, expected ',' or ']', but got :");
        assertRefused(
                () -> read("#" + "x".repeat(1 << 20)), "publication file: " + file + " has more than 1048576 bytes");
    }

    @Test
    void saysWhichFileItCannotRead() throws IOException {
        Path file = directory.resolve("nope.yaml");
        assertRefused(
                () -> PublicationFile.read(file, Map.of()),
                "publication file: cannot read " + file + " (expected: a file)");
        assertRefused(
                () -> PublicationFile.read(directory, Map.of()),
                "publication file: cannot read " + directory + " (expected: a file)");
        String withQuery = MINIMAL.replace("sql: SELECT 1", "query: q.sql");
        Path query = directory.resolve("q.sql");
        assertRefused(
                () -> read(withQuery),
                directory.resolve("publication.yaml") + ":4: source.query: cannot read " + query
                        + " (expected: a file)");
        Files.write(query, new byte[] {(byte) 0xFF});
        assertRefused(
                () -> read(withQuery),
                directory.resolve("publication.yaml") + ":4: source.query: " + query + " is not UTF-8 text");
    }

    @Test
    void takesTheDefaultOfAVariableThatIsUnsetOrEmpty() {
        String labels = MINIMAL + "labels: {a: \"<${env:A:-x:-y}>\", b: \"${env:B:-}\", c: \"${env:C:-z}\"}\n";
        environment.put("A", "");
        environment.put("C", "c");

        assertThat(read(labels).labels()).containsExactlyInAnyOrderEntriesOf(Map.of("a", "<x:-y>", "b", "", "c", "c"));
    }

    @Test
    void refusesASubstitutionThatCannotBeMade() {
        String file = directory.resolve("publication.yaml").toString();
        String url = MINIMAL.replace("  sql:", "  url: jdbc:x:${X}\n  sql:");
        assertRefused(
                () -> read(url.replace("${X}", "${env:X}")),
                file + ":4: source.url: the environment variable X is not set (set it, or write ${env:X:-default})");
        assertRefused(
                () -> read(url.replace("${X}", "${file:nope}")), file + ":4: source.url: cannot read the file nope");
        assertRefused(
                () -> read(url.replace("${X}", "${geheim}")),
                file + ":4: source.url: holds a ${…} that is none of ${env:NAME}, ${env:NAME:-default} and"
                        + " ${file:/path}");
        write("large", "x".repeat(65_537));
        assertRefused(
                () -> read(url.replace("${X}", "${file:large}")),
                file + ":4: source.url: the file large has more than 65536 bytes");
    }

    @Test
    void keepsSecretsOutOfLabels() {
        String file = directory.resolve("publication.yaml").toString();
        write("secret.txt", "geheim");
        environment.put("DB_PASSWORD", "geheim");
        assertRefused(
                () -> read(MINIMAL + "labels: {a: \"${file:secret.txt}\"}\n"),
                file + ":5: labels.a: ${file:secret.txt} may be secret, but labels are stored and shown (remove it)");
        assertRefused(
                () -> read(MINIMAL + "labels: {a: \"${env:DB_PASSWORD}\"}\n"),
                file + ":5: labels.a: ${env:DB_PASSWORD} may be secret, but labels are stored and shown (remove it)");
    }

    @Test
    void knowsWhatIsSecret() {
        write("token.txt", "from-file\r\n");
        environment.put("DB_PASSWORD", "from-variable");
        environment.put("DB", "shop");

        PublicationSpec spec = read("""
                contract: customer.proto
                message: tests.v1.Customer
                source:
                  url: "jdbc:x://u:${env:DB_PASSWORD}@h/${env:DB}"
                  properties: { extra: "${file:token.txt}" }
                  sql: SELECT 1
                """);

        assertThat(((JdbcSourceConfig) spec.source()).secrets())
                .containsExactlyInAnyOrder("from-file", "from-variable");
        assertThat(spec.toString()).contains("jdbc:x://***@h/shop sql").doesNotContain("from-");
    }

    @Test
    void setsParametersFromOutside() {
        String parameters =
                MINIMAL.replace("SELECT 1", "SELECT '${day}', ${list}\n  parameters: {day: a, list: {raw: 1}}");

        assertThat(((JdbcSourceConfig) read(parameters, Map.of("day", "2024-02-29", "list", "'x;y'"))
                                .source())
                        .statement())
                .isEqualTo("SELECT '2024-02-29', 'x;y'");
        assertRefused(
                () -> read(parameters, Map.of("dya", "x")),
                "--set dya: not a parameter of " + directory.resolve("publication.yaml")
                        + " (declared there: day, list)");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {"a'b", "a\"b", "a;b", "a--b", "a/*b", "a`b", "a#b", "a\\b", "$1"})
    void refusesAValueThatCouldChangeTheStatement(String value) {
        String unsafe = "the value holds a quote, a semicolon, a comment mark or the like, which could change the"
                + " statement (if that is meant, declare the parameter as day: {raw: …})";
        String parameters = MINIMAL.replace("SELECT 1", "SELECT '${day}'\n  parameters: {day: a}");
        environment.put("DAY", value);

        assertRefused(() -> read(parameters, Map.of("day", value)), "--set day: " + unsafe);
        assertRefused(
                () -> read(parameters.replace("day: a", "day: \"${env:DAY}\"")),
                directory.resolve("publication.yaml") + ":5: source.parameters.day: " + unsafe);
    }

    @Test
    void refusesWhatNestsTooDeep() {
        assertRefused(
                () -> read("a: " + "[".repeat(100_000)),
                directory.resolve("publication.yaml")
                        + ":1: not YAML: Document nesting depth (1001) exceeds the maximum"
                        + " allowed (1000, from `StreamReadConstraints.getMaxNestingDepth()`)");
    }

    private PublicationSpec read(String yaml) {
        return read(yaml, Map.of());
    }

    private PublicationSpec read(String yaml, Map<String, String> parameters) {
        return PublicationFile.read(write("publication.yaml", yaml), parameters, environment::get);
    }

    private Path write(String name, String text) {
        try {
            return Files.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(PublisherException.class, e -> {
                    assertThat(e.category()).isEqualTo(Category.USAGE);
                    assertThat(e.code()).isEqualTo("PUBLICATION_FILE");
                })
                .hasMessage(message);
    }
}
