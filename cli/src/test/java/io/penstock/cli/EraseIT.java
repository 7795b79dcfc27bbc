package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EraseIT {
    private static final String CHANGED = "select range as id, range % 7 + 1 as amount, 'n' as note from range(200)";

    @TempDir
    Path directory;

    private Playground playground;

    @BeforeEach
    void setUp() {
        playground = new Playground(directory);
        assertThat(playground.publish(Playground.ROWS).exitCode()).isEqualTo(ExitCode.DONE);
    }

    @AfterEach
    void tearDown() {
        playground.close();
    }

    @Test
    void erasesTellsAndKeepsOut() throws Exception {
        playground.serve();
        playground.write("keys.txt", "17\n42\n\n");

        CommandRun erased = playground.run(
                "erase",
                Playground.DATASET,
                "--keys",
                playground.file("keys.txt"),
                "--reason",
                "request 1",
                "--store",
                playground.storeUrl());

        assertThat(erased.exitCode()).as(erased.err()).isEqualTo(ExitCode.DONE);
        assertThat(erased.out()).isEqualTo("""
                default/row.v1: 2 keys erased (2 in all); version 2 is current without them, 2 rows fewer
                  deleting   versions [1], which hold them: by the next publication or 'penstock gc' from a minute on
                  remains    what the store has not overwritten yet, its backups, and the source: docs/erasure.md
                """);
        CommandRun get = playground.run("get", Playground.DATASET, "17", "18");
        assertThat(get.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(get.out()).startsWith("row.v1 18  version 2").doesNotContain("row.v1 17");

        CommandRun published = playground.publish(CHANGED, "--json");
        assertThat(published.exitCode()).as(published.err()).isEqualTo(ExitCode.DONE);
        assertThat(published.out())
                .contains("\"rows\":{\"total\":198,\"added\":0,\"updated\":198,\"removed\":0,\"erased\":2}");
        assertThat(playground.publish(Playground.ROWS, "--dry-run").out())
                .contains("  erased     2 rows left out, whose keys are erased\n");

        String trail = playground
                .run("versions", Playground.DATASET, "--audit", "--store", playground.storeUrl())
                .out();
        assertThat(trail).containsPattern("erase +2 keys: request 1").containsPattern("purge +version 1: request 1");
        CommandRun back = playground.run("rollback", Playground.DATASET, "--to", "1");
        assertThat(back.exitCode()).isEqualTo(ExitCode.REFUSED);

        CommandRun lifted =
                playground.run("erase", Playground.DATASET, "17", "--lift", "--reason", "a mistake", "--json");
        assertThat(lifted.out()).isEqualTo("{\"dataset\":\"row.v1\",\"lifted\":1}\n");
        assertThat(playground.publish(Playground.ROWS, "--json").out()).contains("\"erased\":1}");
    }

    @Test
    void needsKeysAndAReason() {
        assertThat(playground.run("erase", Playground.DATASET, "--reason", "x").err())
                .isEqualTo("penstock: keys: give them on the command line or in a file with --keys, not both or"
                        + " neither\n");
        assertThat(playground.run("erase", Playground.DATASET, "1").exitCode()).isEqualTo(ExitCode.USAGE);
        CommandRun nobody = playground.run("erase", "nope.v1", "1", "--reason", "x");
        assertThat(nobody.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(nobody.err())
                .isEqualTo("penstock: default/nope.v1: nothing was published of such a dataset; see 'penstock datasets"
                        + " --store URL'\n");
    }

    @Test
    void refusesKeysThatAreNotUtf8() throws Exception {
        Path file = Files.write(playground.path("latin1.txt"), new byte[] {'a', (byte) 0xE4, '\n'});

        CommandRun run = playground.run("erase", Playground.DATASET, "--keys", file.toString(), "--reason", "x");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .isEqualTo("penstock: keys: cannot read " + file
                        + ": it is not UTF-8 (expected: UTF-8 text, a key a line)\n");
    }
}
