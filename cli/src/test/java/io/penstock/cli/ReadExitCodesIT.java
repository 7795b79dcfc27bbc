package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.v1.VersionEntry;
import io.penstock.store.DatasetId;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What reading and going back say and how they end, over a real server and store. */
class ReadExitCodesIT {
    private static final String ALL_KEYS =
            IntStream.range(0, 200).mapToObj(String::valueOf).collect(Collectors.joining("\n"));
    private static final String CHANGED = "select range as id, range % 5 as amount, 'n' as note from range(200)";

    @TempDir
    Path directory;

    private Playground playground;
    private String server = "";

    @BeforeEach
    void setUp() throws InterruptedException {
        playground = new Playground(directory);
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
        server = "penstock: server " + playground.serve().address() + ": ";
    }

    @AfterEach
    void tearDown() {
        playground.close();
    }

    @Test
    void printsRowsAsJsonALine() {
        CommandRun run = playground.run("get", Playground.DATASET, "3", "8", "--json");

        assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines().map(line -> line.replaceAll("\"data_as_of\":\"[^\"]+\"", "\"data_as_of\":T")))
                .containsExactly(
                        "{\"dataset\":\"row.v1\",\"key\":\"3\",\"outcome\":\"FOUND\",\"version\":1,\"revision\":1,"
                                + "\"data_as_of\":T,\"value\":{\"id\":3,\"amount\":3,\"note\":\"n\"}}",
                        "{\"dataset\":\"row.v1\",\"key\":\"8\",\"outcome\":\"FOUND\",\"version\":1,\"revision\":1,"
                                + "\"data_as_of\":T,\"value\":{\"id\":8,\"amount\":1,\"note\":\"n\"}}");
    }

    @Test
    void readsKeysFromAFileOrStandardInput() {
        String file = playground.write("keys", "1\n\n2\n").toString();

        assertThat(playground
                        .run("get", Playground.DATASET, "--keys", file, "--json")
                        .out()
                        .lines())
                .hasSize(2);
        assertThat(playground
                        .runWithInput(ALL_KEYS, "get", Playground.DATASET, "--keys", "-", "--json")
                        .out()
                        .lines())
                .hasSize(200);
        assertEnd(
                playground.run("get", Playground.DATASET, "--keys", playground.file("none")),
                ExitCode.USAGE,
                "penstock: " + playground.file("none") + ": no such file");
        assertEnd(
                playground.run("get", Playground.DATASET),
                ExitCode.USAGE,
                "penstock: keys: give them on the command line or in a file with --keys, not both or neither");
    }

    @Test
    void keysThatAreNoTextAreUsage() throws IOException {
        Path file = Files.write(playground.path("latin1"), new byte[] {'1', '\n', (byte) 0xE4, '\n'});
        assertEnd(
                playground.run("get", Playground.DATASET, "--keys", file.toString()),
                ExitCode.USAGE,
                "penstock: keys: cannot read " + file + ": it is not UTF-8 (expected: UTF-8 text, a key a line)");

        CommandRun aDirectory = playground.run("get", Playground.DATASET, "--keys", directory.toString());
        assertThat(aDirectory.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(aDirectory.problems()).startsWith("penstock: keys: cannot read " + directory + ": ");
    }

    @Test
    void anAbsentKeyAnUnknownDatasetAndAnUnknownVersionAreNotFound() {
        CommandRun absent = playground.run("get", Playground.DATASET, "3", "1000", "--json");

        assertEnd(absent, ExitCode.NOT_FOUND, "penstock: row.v1 1000: no row in version 1");
        assertThat(absent.out()).contains("\"outcome\":\"FOUND\"", "\"outcome\":\"ABSENT\"");
        assertEnd(
                playground.run("get", "nope.v1", "1"),
                ExitCode.NOT_FOUND,
                server
                        + "Get of nope.v1: NOT_FOUND (UNKNOWN_DATASET): no such dataset on this server; ListDatasets"
                        + " names those there are");
        assertEnd(
                playground.run("get", "nope.v1", "1", "2"),
                ExitCode.NOT_FOUND,
                server
                        + "BatchGet of nope.v1: NOT_FOUND (UNKNOWN_DATASET): the server has no such dataset; see 'penstock datasets'");
        assertEnd(
                playground.run("get", Playground.DATASET, "1", "--version", "9"),
                ExitCode.NOT_FOUND,
                server
                        + "Get of row.v1: NOT_FOUND (UNKNOWN_VERSION): default/row.v1: the version asked for was never committed");
        assertEnd(
                playground.run("versions", "nope.v1", "--store", playground.storeUrl()),
                ExitCode.NOT_FOUND,
                "penstock: default/nope.v1: the catalog has no such dataset; see 'penstock datasets --store URL'");
    }

    @Test
    void dataThatIsTooOldIsRefused() {
        assertEnd(
                playground.run("get", Playground.DATASET, "1", "--max-age", "1ms"),
                ExitCode.REFUSED,
                server
                        + "Get of row.v1: FAILED_PRECONDITION (TOO_OLD): default/row.v1: the data is older than the max_age asked for; publish newer data or allow more");
        assertEnd(
                playground.run("get", Playground.DATASET, "1", "--max-age", "0"),
                ExitCode.USAGE,
                "penstock: maxAge: PT0S (expected: > 0)");
    }

    @Test
    void anInvalidArgumentIsUsage() {
        assertEnd(
                playground.run("get", Playground.DATASET, "k".repeat(2000)),
                ExitCode.USAGE,
                server
                        + "read of row.v1: INVALID_ARGUMENT (KEY_TOO_LONG): key: 2000 bytes of UTF-8 (expected: <= 1024)");
        assertEnd(
                playground.run("get", "no dataset", "1"),
                ExitCode.USAGE,
                server
                        + "Get of no dataset: INVALID_ARGUMENT (INVALID_DATASET): not a dataset's name (expected: <product>.v<major> or <namespace>/<product>.v<major>, of [a-z0-9.-])");
    }

    @Test
    void aServerThatIsDownIsUnavailable() {
        playground.close();

        CommandRun run = playground.run("get", Playground.DATASET, "1");

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.problems())
                .startsWith(server + "Get of row.v1: UNAVAILABLE: ")
                .contains("Connection refused", "nothing listens there")
                .endsWith("; is 'penstock serve' running there?");
    }

    @Test
    void goesBackAndFindsTheUndoneVersionRolledBack() {
        assertThat(playground.publish(CHANGED).exitCode()).isEqualTo(ExitCode.DONE);

        assertThat(playground.run("rollback", Playground.DATASET).out())
                .isEqualTo("row.v1: version 2 -> 1, revision 3\n");
        CommandRun again = playground.run("rollback", Playground.DATASET, "--to", "1");
        assertThat(again.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(again.out()).isEqualTo("row.v1: version 1 is current already\n");
        assertThat(playground
                        .run("rollback", Playground.DATASET, "--to", "1", "--json")
                        .out())
                .isEqualTo("{\"dataset\":\"row.v1\",\"moved\":false,\"from\":1,\"to\":1,\"revision\":null}\n");
        assertEnd(
                playground.run("rollback", Playground.DATASET, "--to", "2"),
                ExitCode.REFUSED,
                "penstock: row.v1: version 2 was rolled back; publish its data again instead");
        assertEnd(
                playground.run("rollback", Playground.DATASET, "--to", "9"),
                ExitCode.NOT_FOUND,
                "penstock: row.v1: there is no version 9; see 'penstock versions row.v1 --store URL'");
        assertEnd(
                playground.run("rollback", Playground.DATASET),
                ExitCode.NOT_FOUND,
                "penstock: row.v1: there is no earlier version to go back to; publish corrected data");
        awaitExit(ExitCode.NOT_FOUND, "get", Playground.DATASET, "1", "--version", "2");
        assertEnd(
                playground.run("get", Playground.DATASET, "1", "--version", "2"),
                ExitCode.NOT_FOUND,
                server
                        + "Get of row.v1: NOT_FOUND (VERSION_ROLLED_BACK): default/row.v1: the version asked for was rolled back; ask for the current one");
    }

    @Test
    void aLostBucketIsDataLossForItsKeysOnlyUntilTheDataIsPublishedAgain() {
        deleteABucket();

        CommandRun lost =
                playground.runWithInput(ALL_KEYS + "\n1000\n", "get", Playground.DATASET, "--keys", "-", "--json");

        assertThat(lost.exitCode()).isEqualTo(ExitCode.DATA_LOSS);
        assertThat(lost.out().lines().filter(line -> line.contains("\"outcome\":\"FOUND\"")))
                .hasSizeBetween(1, 199)
                .allMatch(line -> {
                    int id = Integer.parseInt(line.replaceAll(".*\"key\":\"(\\d+)\".*", "$1"));
                    return line.endsWith("\"value\":{\"id\":" + id + ",\"amount\":" + id % 7 + ",\"note\":\"n\"}}");
                });
        assertThat(lost.out()
                        .lines()
                        .filter(line -> line.contains("\"code\":\"DATA_LOSS\",\"reason\":\"BUCKET_LOST\"")))
                .isNotEmpty();
        assertThat(lost.out().lines()).hasSize(201);
        assertThat(lost.problems().lines().filter(line -> line.contains("DATA_LOSS")))
                .allMatch(line ->
                        line.matches("penstock: row\\.v1 \\d+: DATA_LOSS \\(BUCKET_LOST\\); its stored bucket is"
                                + " missing or damaged: publish a snapshot of the data with 'penstock publish"
                                + " --rewrite'; an upsert or delta cannot restore rows it does not write"));

        CommandRun healing = playground.publish(Playground.ROWS, "--json");

        assertThat(healing.exitCode()).as(healing.err()).isEqualTo(ExitCode.DONE);
        CommandRun healed = playground.runWithInput(ALL_KEYS, "get", Playground.DATASET, "--keys", "-");
        assertThat(healed.exitCode()).as(healed.err()).isEqualTo(ExitCode.DONE);
    }

    private void deleteABucket() {
        DatasetId dataset = new DatasetId("default", Playground.DATASET);
        Store store = playground.store();
        VersionEntry current = new CatalogClient(store.catalog("default"), "default", new SecureRandom())
                .require()
                .catalog()
                .getDatasets(0)
                .getVersions(0);
        try (BlobWriter blobs = store.openWriter()) {
            long deleted = blobs.delete(List.of(BlobAddress.bucket(dataset, current.getGeneration(), 0)))
                    .toCompletableFuture()
                    .join();
            assertThat(deleted).isEqualTo(1);
        }
    }

    @Test
    void everyCommandThatReadsPrintsJson() {
        assertThat(playground.run("datasets", "--json").out())
                .startsWith("{\"namespace\":\"default\",\"dataset\":\"row.v1\"");
        for (String command : List.of("datasets", "servers")) {
            assertJsonLines(playground.run(command, "--json", "--store", playground.storeUrl()));
            assertJsonLines(playground.run(command, "--json"));
        }
        assertJsonLines(playground.run("versions", Playground.DATASET, "--json", "--detail"));
        assertJsonLines(
                playground.run("versions", Playground.DATASET, "--json", "--detail", "--store", playground.storeUrl()));
        assertJsonLines(playground.run("pause", Playground.DATASET, "--reason", "x", "--json"));
        assertJsonLines(playground.run("resume", Playground.DATASET, "--json"));
        assertJsonLines(playground.run("gc", "--json"));
        assertJsonLines(playground.run("store", "init", "--json"));
    }

    @Test
    void drivesTheServerWithLoad() {
        CommandRun run = playground.run(
                "bench",
                "load",
                Playground.DATASET,
                "--keys",
                "0..199",
                "--in-flight",
                "4",
                "--duration",
                "1s",
                "--warm-up",
                "1s",
                "--json");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertJsonLines(run);
    }

    private static void assertJsonLines(CommandRun run) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out().lines()).isNotEmpty().allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }

    private void awaitExit(ExitCode expected, String... arguments) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (playground.run(arguments).exitCode() != expected && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static void assertEnd(CommandRun run, ExitCode exitCode, String problems) {
        assertThat(run.problems()).isEqualTo(problems);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.err()).doesNotContain("\tat ");
    }
}
