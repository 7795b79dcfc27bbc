package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files under {@code examples/} do what their README says. */
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

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

    private CommandRun publish(String file, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("publish", EXAMPLES.resolve("stock").resolve(file).toString()));
        arguments.addAll(List.of(options));
        return playground.run(arguments.toArray(String[]::new));
    }

    @Test
    void anUpsertAnHourFollowsASnapshotADay() throws InterruptedException {
        assertThat(publish("daily_snapshot.yaml").exitCode()).isEqualTo(ExitCode.DONE);
        CommandRun hourly = publish("hourly_upsert.yaml");
        CommandRun again = publish("hourly_upsert.yaml");
        CommandRun versions = playground.run("versions", "stock.v1", "--json", "--store", playground.storeUrl());

        assertThat(hourly.exitCode()).as(hourly.toString()).isEqualTo(ExitCode.DONE);
        assertThat(again.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(again.toString()).contains("unchanged");
        assertThat(versions.exitCode()).as(versions.toString()).isEqualTo(ExitCode.DONE);
        assertThat(versions.toString()).contains("\"version\":1", "\"version\":2");
        playground.serve();
        assertThat(playground
                        .run("get", "stock.v1", "1|boots", "2|hat", "2|scarf", "--json")
                        .toString())
                .contains("\"pieces\":9", "\"pieces\":25", "\"pieces\":7");
    }

    @Test
    void anHourWithoutAFileIsRefused() {
        publish("daily_snapshot.yaml");
        assertThat(publish("hourly_upsert.yaml", "--set", "hour=2026-11-20T10").exitCode())
                .isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void theSchedulersFilesCompileAndKnowTheExitCodes() throws Exception {
        assumeTrue(python("-c", "print(1)").status() == 0, "there is no python3");
        for (String file : List.of("penstock_task.py", "airflow_dag.py", "dbt_post_run.py")) {
            Ended compiled = python(
                    "-c",
                    "import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])",
                    EXAMPLES.resolve("scheduling").resolve(file).toString());
            assertThat(compiled.status()).as(file + ": " + compiled.said()).isZero();
        }
        for (ExitCode code : ExitCode.values()) {
            boolean retried =
                    code == ExitCode.UNAVAILABLE || code == ExitCode.BUSY || code == ExitCode.ADOPTION_INCOMPLETE;
            String expected = code == ExitCode.DONE ? "done" : retried ? "retry" : "stop";
            assertThat(python("-c", "import penstock_task; print(penstock_task.verdict(" + code.status() + "))")
                            .said())
                    .as(code.name())
                    .isEqualTo(expected + "\n");
        }
    }

    @Test
    void theDbtHookPublishesOnlyWhatSucceeded() throws Exception {
        assumeTrue(python("-c", "print(1)").status() == 0, "there is no python3");
        Path penstock =
                Files.writeString(directory.resolve("penstock"), "#!/bin/sh\necho \"$@ for $RUN_ID\"\nexit 7\n");
        Files.setPosixFilePermissions(penstock, PosixFilePermissions.fromString("rwx------"));
        Path results = directory.resolve("run_results.json");

        Files.writeString(results, runResults("success", "pass"));
        Ended busy = hook(results, "stock");
        Files.writeString(results, runResults("success", "fail"));
        Ended failed = hook(results, "stock");
        Ended other = hook(results, "shops");

        assertThat(busy.status()).as(busy.said()).isEqualTo(75);
        assertThat(busy.said()).contains("publish daily.yaml --set day=2026-11-19 for run-1");
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.said())
                .contains("not published: not everything succeeded: test.shop.not_null_stock_pieces.1a2b");
        assertThat(other.said()).contains("not published: the run did not build shops");
    }

    private static String runResults(String model, String test) {
        return """
                {"metadata": {"invocation_id": "run-1"}, "results": [
                  {"unique_id": "model.shop.stock", "status": "%s"},
                  {"unique_id": "test.shop.not_null_stock_pieces.1a2b", "status": "%s"}]}
                """.formatted(model, test);
    }

    private Ended hook(Path results, String model) throws Exception {
        return python("dbt_post_run.py", results.toString(), model, "daily.yaml", "day=2026-11-19");
    }

    private record Ended(int status, String said) {}

    private Ended python(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", "-B"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(EXAMPLES.resolve("scheduling").toFile())
                .redirectErrorStream(true);
        builder.environment().put("PENSTOCK", directory.resolve("penstock").toString());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Ended(127, String.valueOf(e.getMessage()));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), said);
    }
}
