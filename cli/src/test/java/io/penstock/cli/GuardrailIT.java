package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guardrails as an operator meets them: refused with the figures, overridden by name, and to be found later. */
class GuardrailIT {
    private static final String HALF = "select range as id, range % 7 as amount, 'n' as note from range(100)";
    private static final String NULLS =
            "select range as id, range % 7 as amount, if(range < 40, null, 'n') as note from range(200)";
    private static final String CHANGED =
            "select range as id, if(range < 120, 9, range % 7) as amount, 'n' as note from range(200)";
    private static final String PASS = "; correct the data, or let it pass with --override CHECK --reason TEXT\n";

    @TempDir
    Path directory;

    private Playground playground;

    @BeforeEach
    void setUp() throws Exception {
        playground = new Playground(directory);
        playground.write(
                "row.yaml",
                playground.read("row.yaml") + "checks: { rows-updated: { max: 50% } }\nretention: { versions: 10 }\n");
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
    }

    @AfterEach
    void tearDown() {
        playground.close();
    }

    private void assertRefusedThenOverridden(String query, String check, String figures) {
        CommandRun refused = playground.publish(query);
        assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.err()).endsWith("penstock: default/row.v1: not published: " + check + ": " + figures + PASS);

        CommandRun other = playground.publish(query, "--override", "data-as-of", "--reason", "another one");
        assertThat(other.exitCode()).as("a check that was not named stays").isEqualTo(ExitCode.REFUSED);

        CommandRun published = playground.publish(query, "--override", check, "--reason", "the shop has closed");
        assertThat(published.exitCode()).as(published.err()).isEqualTo(ExitCode.DONE);
        String result = check + ": overridden, " + figures + "; the shop has closed";
        assertThat(published.out()).contains(result);
        assertThat(playground.run("versions", Playground.DATASET, "--detail").out())
                .contains(result);
        assertThat(playground
                        .run("versions", Playground.DATASET, "--detail", "--json")
                        .out())
                .contains("{\"check\":\"" + check + "\",\"verdict\":\"OVERRIDDEN\",\"detail\":\"" + figures
                        + "\",\"override_reason\":\"the shop has closed\"}");
        assertThat(playground
                        .run("versions", Playground.DATASET, "--audit", "--json")
                        .out())
                .containsPattern("\"action\":\"override\",\"detail\":\"version \\d+: \\Q" + check + ": " + figures
                        + "; the shop has closed\\E\"");
    }

    @Test
    void aPublicationThatHalvesTheRows() {
        assertRefusedThenOverridden(
                HALF, "row-count-change", "200 rows before, 100 now: -50.0 % (expected: -20.0 % to +100.0 %)");
    }

    @Test
    void aPublicationThatRaisesNullsByTwentyPoints() {
        assertRefusedThenOverridden(
                NULLS,
                "null-rate",
                "NULLs rose in note from 0.0 % to 20.0 % (expected: a rise of at most 10.0 points)");
    }

    @Test
    void aPublicationThatChangesSixtyPercentOfTheRows() {
        assertRefusedThenOverridden(
                CHANGED, "rows-updated", "120 of 200 rows have another value: 60.0 % (expected: at most 50.0 %)");
    }

    @Test
    void anOverrideOfACheckThatIsNotThereIsUsage() {
        CommandRun run = playground.publish(HALF, "--override", "row-count", "--reason", "x");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("penstock: override: 'row-count' (expected: one of [blank-rate, ");
    }

    @Test
    void theContractsOwnChecksCannotBeLoosened() throws Exception {
        playground.write(
                "row.proto",
                playground.read("row.proto").replace("description:", "checks: { min_rows: 201 } description:"));
        CommandRun run = playground.publish(Playground.ROWS);
        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err()).contains("rows-present: 200 rows (expected: >= 201)");
    }

    @Test
    void aDryRunPrintsThePlanAndEveryVerdict() {
        CommandRun run = playground.publish(CHANGED, "--dry-run");
        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out())
                .contains("default/row.v1: would be refused, compared with version 1\n")
                .contains("  rows       200: 0 added, 120 updated, 0 removed\n")
                .containsPattern(
                        "  store      [0-9.]+ [KM]iB of [0-9.]+ [GT]iB used: room for [0-9.]+ [GT]iB, enough for"
                                + " the [0-9.]+ KiB of one more version\n")
                .contains("  check      rows-updated: failed, 120 of 200 rows have another value: 60.0 % (expected: at"
                        + " most 50.0 %)\n")
                .contains("  check      row-count-change: passed, ");
        assertThat(playground.run("versions", Playground.DATASET).out().lines()).hasSize(2);
    }

    @Test
    void aPauseSaysWhyWhereverOneLooks() throws Exception {
        playground.serve();
        playground.run("pause", Playground.DATASET, "--reason", "a migration");

        CommandRun refused = playground.publish(HALF);
        assertThat(refused.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(refused.err()).contains(": a migration; 'penstock resume row.v1' ends it");
        for (String command : new String[] {"versions row.v1", "servers", "datasets", "versions row.v1 --json"}) {
            String[] words = (command + " --store " + playground.storeUrl()).split(" ");
            assertThat(playground.run(words).out()).as(command).contains("a migration");
        }
        playground.run("resume", Playground.DATASET);
        assertThat(playground
                        .run("versions", Playground.DATASET, "--store", playground.storeUrl())
                        .out())
                .doesNotContain("a migration");
    }
}
