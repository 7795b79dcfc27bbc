package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.contract.Contract;
import io.penstock.publisher.Publication;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.Step;
import io.penstock.publisher.file.PublicationFile;
import io.penstock.publisher.file.PublicationSpec;
import io.penstock.publisher.protoc.ContractCompiler;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.storage.v1.ServerPresence;
import io.penstock.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code penstock publish} says and how it ends, row by row of the table of exit codes. */
class PublishExitCodesIT {
    private static final String PASS = "; correct the data, or let it pass with --override CHECK --reason TEXT";

    @TempDir
    Path directory;

    private Playground playground;

    @BeforeEach
    void setUp() {
        playground = new Playground(directory);
    }

    @AfterEach
    void tearDown() {
        playground.close();
    }

    @Test
    void aFileThatIsNotThereIsUsageAndLeavesNoStore() {
        CommandRun run = playground.run("publish", playground.file("no.yaml"));

        assertEnd(
                run,
                ExitCode.USAGE,
                "penstock: publication file: cannot read " + playground.file("no.yaml") + " (expected: a file)");
        assertThat(playground.path("store")).doesNotExist();
    }

    @Test
    void aBadFileIsUsageAndLeavesNoStore() {
        playground.write("typo.yaml", "contract: row.proto\nmesage: x\n");
        playground.write("broken.yaml", "contract: row.proto\n  a: [\n");

        assertEnd(
                playground.run("publish", playground.file("typo.yaml")),
                ExitCode.USAGE,
                "penstock: " + playground.file("typo.yaml")
                        + ":2: mesage: unknown key (known here: namespace, contract,"
                        + " descriptors, proto_path, message, source, mode, checks, retention, labels)");
        assertEnd(
                playground.run("publish", playground.file("broken.yaml")),
                ExitCode.USAGE,
                "penstock: " + playground.file("broken.yaml") + ":2: not YAML: mapping values are not allowed here");
        assertThat(playground.path("store")).doesNotExist();
    }

    @Test
    void aStoreUrlOfNoShapeOrKindIsUsage() {
        assertEnd(
                playground.run("publish", playground.file("row.yaml"), "--store", "nonsense"),
                ExitCode.USAGE,
                "penstock: store URL: 'nonsense' (expected: scheme:…, such as lmdb:./store)");
        assertEnd(
                playground.run("publish", playground.file("row.yaml"), "--store", "foo:bar"),
                ExitCode.USAGE,
                "penstock: store URL: no backend for 'foo:' (expected: one of [cassandra, lmdb, memory, redis, redis-cluster, redis-sentinel])");
    }

    @Test
    void aReportThatCannotBeWrittenIsUsageBeforeAnythingIsPublished() {
        String report = playground.file("no/report.json");

        assertEnd(
                playground.run("publish", playground.file("row.yaml"), "--report", report),
                ExitCode.USAGE,
                "penstock: " + report + ": no such file");
        assertThat(playground.path("store")).doesNotExist();
    }

    @Test
    void aContractThatDoesNotCompileIsRefused() throws Exception {
        playground.write("row.proto", playground.read("row.proto").replace("int32", "int33"));

        assertEnd(
                playground.run("publish", playground.file("row.yaml")),
                ExitCode.REFUSED,
                "penstock: contract " + playground.file("row.proto") + " does not compile: "
                        + playground.file("row.proto") + ":7:3: \"int33\" is not defined.");
    }

    @Test
    void sourceDataThatDoesNotFitIsRefused() {
        assertRefused("selekt 1", "sql: Parser Error: syntax error at or near \"selekt\" LINE 1: selekt 1");
        assertRefused(
                "select range as id, 1 as amount from range(3)",
                "the query's columns are not the fields of tests.row.v1.Row: no column for note (name every column"
                        + " after its field)");
        assertRefused(
                "select range as id, 1 as amount, 'n' as note, 2 as more from range(3)",
                "the query's columns are not the fields of tests.row.v1.Row: no field for more (name every column"
                        + " after its field)");
        assertRefused(
                "select range as id, 1.5 as amount, 'n' as note from range(3)",
                "row 1, field amount: int32 cannot take this value of kind DECIMAL: it has digits after the point");
        assertRefused(
                "select null::bigint as id, 1 as amount, 'n' as note", "row 1, field id: a key field cannot be NULL");
        assertRefused(
                "select range as id, null::int as amount, 'n' as note from range(3)",
                "row 1, field amount: the field cannot be NULL: declare it `optional`, or coalesce it in the query");
        assertRefused(
                "select range as id, -1 as amount, 'n' as note from range(3)",
                "row 1, field amount: the value is below its min 0");
        assertRefused(
                "select 1 as id, range as amount, 'n' as note from range(2)",
                "rows 1 and 2 have the same key; the query must give one row a key (--show-keys shows it)");
        assertThat(playground
                        .publish("select 17 as id, range as amount, 'n' as note from range(2)", "--show-keys")
                        .problems())
                .isEqualTo(
                        "penstock: default/row.v1: rows 1 and 2 have the same key '17'; the query must give one row a"
                                + " key");
    }

    private void assertRefused(String query, String message) {
        assertEnd(playground.publish(query), ExitCode.REFUSED, "penstock: default/row.v1: " + message);
    }

    @Test
    void everyGuardrailRefusesAndCanBeLetPassWithAReasonThatIsKept() {
        assertEnd(
                playground.publish("select range as id, 1 as amount, 'n' as note from range(0)"),
                ExitCode.REFUSED,
                "penstock: default/row.v1: not published: rows-present: 0 rows (expected: >= 1)" + PASS);
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        assertEnd(
                playground.publish("select range as id, 1 as amount, 'n' as note from range(100)"),
                ExitCode.REFUSED,
                "penstock: default/row.v1: not published: row-count-change: 200 rows before, 100 now: -50.0 %"
                        + " (expected: -20.0 % to +100.0 %)" + PASS);
        String withoutNotes = "select range as id, 1 as amount, null as note from range(200)";
        assertEnd(
                playground.publish(withoutNotes),
                ExitCode.REFUSED,
                "penstock: default/row.v1: not published: null-rate: NULLs rose in note from 0.0 % to 100.0 %"
                        + " (expected: a rise of at most 10.0 points)" + PASS);
        assertEnd(
                playground.publish(withoutNotes, "--override", "null-rate"),
                ExitCode.USAGE,
                "penstock: --override and --reason belong together: give both or neither");
        assertEnd(
                playground.publish(withoutNotes, "--override", "null-rat", "--reason", "x"),
                ExitCode.USAGE,
                "penstock: override: 'null-rat' (expected: one of [blank-rate, canary-keys, data-age, data-as-of, distinct-count, history-readable, mean-shift,"
                        + " null-rate, range, row-count-change, row-size-growth, rows-changed, rows-present, rows-removed, rows-updated])");

        CommandRun passed = playground.publish(withoutNotes, "--override", "null-rate", "--reason", "agreed");

        assertThat(passed.exitCode()).as(passed.err()).isEqualTo(ExitCode.DONE);
        assertThat(passed.out()).contains("null-rate: overridden, NULLs rose in note from 0.0 % to 100.0 %");
        assertThat(playground
                        .run("versions", Playground.DATASET, "--store", playground.storeUrl(), "--detail")
                        .out())
                .contains("null-rate: overridden", "; agreed\n");
    }

    @Test
    void dataThatGoesBackwardsIsRefused() throws Exception {
        String file = playground.read("row.yaml");
        playground.write("row.yaml", file + "  data_as_of: \"select timestamp '2026-02-02 00:00:00'\"\n");
        assertThat(playground.run("publish", playground.file("row.yaml")).exitCode())
                .isEqualTo(ExitCode.DONE);
        playground.write("row.yaml", file + "  data_as_of: \"select timestamp '2026-02-01 00:00:00'\"\n");

        assertEnd(
                playground.run("publish", playground.file("row.yaml")),
                ExitCode.REFUSED,
                "penstock: default/row.v1: not published: data-as-of: 2026-02-02T00:00:00Z before, 2026-02-01T00:00:00Z"
                        + " now (expected: not earlier)" + PASS);
    }

    @Test
    void aChangedContractIsRefused() throws Exception {
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        playground.write("row.proto", playground.read("row.proto").replace("int32", "int64"));

        assertEnd(
                playground.publish(Playground.ROWS),
                ExitCode.REFUSED,
                "penstock: row.v1: the contract breaks readers of an earlier one: row.proto:7:"
                        + " FIELD_WIRE_JSON_COMPATIBLE_TYPE: tests.row.v1.Row.amount was of type int32 and is of type"
                        + " int64; keep the type, and add another field beside it; or publish it as a new major"
                        + " version, in a package of its own");
    }

    @Test
    void aPausedDatasetIsRefusedUntilItIsResumed() {
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(playground
                        .run("pause", Playground.DATASET, "--reason", "audit")
                        .out())
                .isEqualTo("row.v1: paused; 'penstock resume row.v1' ends it\n");

        CommandRun refused = playground.publish(Playground.ROWS);

        assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problems())
                .matches("penstock: row\\.v1: paused by \\S+ since \\S+: audit; 'penstock resume row\\.v1' ends it");
        assertThat(playground.run("resume", Playground.DATASET).out()).isEqualTo("row.v1: publications are allowed\n");
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void anotherPublisherAtWorkIsBusy() throws Exception {
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Store store = playground.store();
        try (Publisher other = Publisher.builder(store)
                .by("the nightly job")
                .observer((step, detail) -> {
                    if (step == Step.READING) {
                        reading.countDown();
                        awaitQuietly(goOn);
                    }
                })
                .build()) {
            CompletableFuture<PublicationReport> publication =
                    CompletableFuture.supplyAsync(() -> other.publish(publication()));
            assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();

            CommandRun busy = playground.publish(Playground.ROWS);

            assertThat(busy.exitCode()).isEqualTo(ExitCode.BUSY);
            assertThat(busy.problems())
                    .matches(
                            "penstock: row\\.v1: another publisher, the nightly job, is publishing version 2 since \\S+;"
                                    + " publish again when it is done");
            goOn.countDown();
            publication.join();
        }
    }

    @Test
    void aStoreThatIsFullIsRefusedAndStillServesWhatItHas() {
        String[] small = {"--store", playground.storeUrl() + "?map_size=16MiB"};
        String tooMuch = "select range as id, 1 as amount, repeat(md5(range::varchar), 8) as note from range(100_000)";
        assertThat(playground.publish(Playground.ROWS, small).exitCode()).isEqualTo(ExitCode.DONE);

        CommandRun full = playground.publish(
                tooMuch, small[0], small[1], "--override", "row-count-change", "--reason", "to fill the store");

        assertThat(full.exitCode()).as(full.err()).isEqualTo(ExitCode.REFUSED);
        assertThat(full.problems()).contains("bytes do not fit the store, which holds");
        assertThat(playground
                        .run("verify", Playground.DATASET, small[0], small[1])
                        .out())
                .contains("version 1: whole, 200 rows");
        CommandRun swept = playground.run("gc", small[0], small[1]);
        assertThat(swept.exitCode()).as(swept.err()).isEqualTo(ExitCode.DONE);
        CommandRun next = playground.publish("select range as id, 2 as amount, 'n' as note from range(201)", small);
        assertThat(next.exitCode()).as(next.err()).isEqualTo(ExitCode.DONE);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Publication publication() {
        PublicationSpec spec = PublicationFile.read(playground.path("row.yaml"), Map.of());
        Contract contract = spec.contract().load(ContractCompiler.bundled());
        return Publication.builder("default", contract, spec.source().open()).build();
    }

    @Test
    void aServerThatDoesNotAdoptMakesAdoptionIncomplete() {
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        PresenceRecord deaf = PresenceRecord.newBuilder()
                .setId("server-deaf")
                .setProcess("deaf@host")
                .setServer(ServerPresence.newBuilder().setAddress("10.0.0.9:7070"))
                .build();
        playground
                .store()
                .presence("default")
                .put(deaf, Duration.ofMinutes(1))
                .toCompletableFuture()
                .join();

        CommandRun run = playground.publish(Playground.ROWS, "--adoption-timeout", "200ms");

        assertEnd(
                run,
                ExitCode.ADOPTION_INCOMPLETE,
                "penstock: warning: server 10.0.0.9:7070 (deaf@host) does not serve row.v1 at revision 1 yet, but nothing"
                        + " of it");
        assertThat(run.out()).contains("servers    0 of 1 serve it; 10.0.0.9:7070 does not: it lags");
    }

    @Test
    void ofSeveralFilesTheWorstEndCounts() {
        playground.another("other");
        CommandRun run = playground.run(
                "publish",
                playground.file("no.yaml"),
                playground.file("row.yaml"),
                playground.file("other.yaml"),
                "--set",
                "rows=select range as id, 1.5 as amount, 'n' as note from range(3)");

        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.problems().lines())
                .hasSize(3)
                .allMatch(line -> line.matches("penstock: \\S+(no|row|other)\\.yaml: .+"));

        CommandRun usage = playground.run("publish", playground.file("row.yaml"), playground.file("no.yaml"));

        assertThat(usage.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(usage.out()).contains("default/row.v1: version");
    }

    @Test
    void severalFilesInOneStepAreCommittedTogetherOrNotAtAll() {
        playground.another("other");
        String[] both = {"publish", "--atomic", playground.file("row.yaml"), playground.file("other.yaml")};

        assertThat(playground.run(both).exitCode()).isEqualTo(ExitCode.DONE);
        String changed = "rows=select range as id, range % 5 as amount, 'n' as note from range(200)";
        assertThat(playground
                        .run("publish", "--atomic", both[2], both[3], "--set", changed)
                        .exitCode())
                .isEqualTo(ExitCode.DONE);
        assertThat(playground.run("rollback", "other.v1").out().lines())
                .containsExactly("other.v1: version 2 -> 1, revision 3", "row.v1: version 2 -> 1, revision 3");

        playground.write("other.proto", "nonsense");
        assertThat(playground.run(both).exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(playground
                        .run("datasets", "--store", playground.storeUrl())
                        .out()
                        .lines()
                        .skip(1))
                .allMatch(line -> line.matches("default +\\S+ +1 +3 .*"));
    }

    @Test
    void aNewMajorIsPublishedBesideTheOldOneInOneStep() throws Exception {
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        String broken = playground
                .read("row.proto")
                .replace("int32 amount = 2 [(penstock.contract.v1.field) = { min: 0 }]", "string amount = 2");
        playground.write("row2.proto", broken);
        playground.write(
                "row2.yaml",
                playground
                        .read("row.yaml")
                        .replace("row.proto", "row2.proto")
                        .replace("range % 7 as amount", "'a' as amount"));
        CommandRun refused = playground.run("publish", playground.file("row2.yaml"));
        assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.problems())
                .contains("FIELD_WIRE_JSON_COMPATIBLE_TYPE")
                .endsWith("; or publish it as a new major version, in a package of its own");

        playground.write("row2.proto", broken.replace("package tests.row.v1;", "package tests.row.v2;"));
        playground.write("row2.yaml", playground.read("row2.yaml").replace("tests.row.v1.Row", "tests.row.v2.Row"));
        playground.write("row.yaml", playground.read("row.yaml").replace("range % 7 as amount", "range % 5 as amount"));
        CommandRun both =
                playground.run("publish", "--atomic", playground.file("row.yaml"), playground.file("row2.yaml"));

        assertThat(both.problems().lines()).allMatch(line -> line.startsWith("penstock: warning: no live server"));
        assertThat(both.exitCode()).isEqualTo(ExitCode.DONE);
        playground.serve();
        assertThat(playground.run("get", "row.v1", "6", "--json").out()).contains("\"version\":2,", "\"amount\":1");
        assertThat(playground.run("get", "row.v2", "6", "--json").out()).contains("\"version\":1,", "\"amount\":\"a\"");
    }

    @Test
    void aDryRunOnAFreshStoreSaysWhatTheFirstPublicationWouldDoAndCreatesNothing() throws Exception {
        CommandRun run = playground.run("publish", playground.file("row.yaml"), "--dry-run", "--json");

        assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(run.problems())
                .isEqualTo("penstock: there is no store yet; this is what the first publication would do");
        assertThat(run.out()).contains("\"outcome\":\"PLANNED\"", "\"parent_version\":0", "\"rows\":{\"total\":200,");
        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("row.proto", "row.yaml");
        }
    }

    @Test
    void aDryRunSaysWhyItWouldBeRefused() {
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);

        assertEnd(
                playground.publish("select range as id, 1 as amount, 'n' as note from range(100)", "--dry-run"),
                ExitCode.REFUSED,
                "penstock: default/row.v1: would be refused: row-count-change: 200 rows before, 100 now: -50.0 %"
                        + " (expected: -20.0 % to +100.0 %)");
    }

    private static void assertEnd(CommandRun run, ExitCode exitCode, String problems) {
        assertThat(run.problems()).isEqualTo(problems);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.err()).doesNotContain("\tat ");
    }
}
