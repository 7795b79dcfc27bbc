package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code diff} and {@code history} over ten versions and a rollback, against a model of what each version holds. */
class DiffAndHistoryIT {
    private static final int ROWS = 300;
    /** The numbers that were current, in order: ten versions, and after the sixth a step back to the fourth. */
    private static final List<Integer> MOVES = List.of(1, 2, 3, 4, 5, 6, 4, 7, 8, 9, 10);

    /** What was rolled back goes with the next publication. */
    private static final Set<Integer> GONE = Set.of(5, 6);

    @TempDir
    static Path directory;

    private static Playground playground;

    @BeforeAll
    static void publishTenVersions() throws Exception {
        playground = new Playground(directory);
        playground.write(
                "row.yaml",
                playground.read("row.yaml") + "retention: { versions: 20 }\nlabels: { run: \"${env:RUN:-7}\" }\n");
        for (int version = 1; version <= 10; version++) {
            String rows = "select range as id, range %% 7 + case when range %% 10 = %1$d %% 10 then %1$d else 0 end as"
                    + " amount, 'n' as note from range(%2$d) where range %% 20 <> %1$d";
            CommandRun run = playground.publish(rows.formatted(version, ROWS));
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
            if (version == 6) {
                assertThat(playground
                                .run("rollback", Playground.DATASET, "--to", "4")
                                .exitCode())
                        .isEqualTo(ExitCode.DONE);
            }
        }
    }

    @AfterAll
    static void close() {
        playground.close();
    }

    /** The amount of a row in a version; null = it does not have the row. */
    private static @Nullable Integer amount(int id, int version) {
        if (id % 20 == version) {
            return null;
        }
        return id % 7 + (id % 10 == version % 10 ? version : 0);
    }

    private static String change(@Nullable Integer before, @Nullable Integer now) {
        if (Objects.equals(before, now)) {
            return "UNCHANGED";
        }
        return before == null ? "ADDED" : now == null ? "REMOVED" : "UPDATED";
    }

    @Test
    void diffCountsAndNamesTheRows() {
        for (int[] pair : new int[][] {{1, 2}, {3, 9}, {10, 4}, {4, 7}, {8, 8}}) {
            TreeMap<String, Integer> counts = new TreeMap<>();
            List<String> expected = new ArrayList<>();
            for (int id = 0; id < ROWS; id++) {
                String change = change(amount(id, pair[0]), amount(id, pair[1]));
                if (amount(id, pair[0]) != null || amount(id, pair[1]) != null) {
                    counts.merge(change, 1, Integer::sum);
                }
                if (!change.equals("UNCHANGED")) {
                    expected.add("{\"key\":\"" + id + "\",\"change\":\"" + change + "\"}");
                }
            }
            CommandRun run = playground.run("diff", Playground.DATASET, "" + pair[0], "" + pair[1], "--rows", "--json");
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
            List<String> lines = new ArrayList<>(run.out().lines().toList());
            String summary = lines.remove(lines.size() - 1);
            assertThat(lines).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(summary)
                    .contains("\"added\":" + counts.getOrDefault("ADDED", 0))
                    .contains("\"updated\":" + counts.getOrDefault("UPDATED", 0))
                    .contains("\"removed\":" + counts.getOrDefault("REMOVED", 0))
                    .contains("\"unchanged\":" + counts.getOrDefault("UNCHANGED", 0));
        }
    }

    @Test
    void diffShowsOneRowInBothVersions() {
        assertThat(playground
                        .run("diff", Playground.DATASET, "2", "3", "--key", "13", "--key", "3")
                        .out())
                .isEqualTo("""
                        13: updated in amount
                          version 2  {"id":13,"amount":6,"note":"n"}
                          version 3  {"id":13,"amount":9,"note":"n"}
                        3: removed
                          version 2  {"id":3,"amount":3,"note":"n"}
                          version 3  null
                        """);
        assertThat(playground
                        .run("diff", Playground.DATASET, "2", "3", "--key", "13", "--json")
                        .out())
                .isEqualTo("{\"dataset\":\"row.v1\",\"key\":\"13\",\"before\":2,\"after\":3,\"change\":\"UPDATED\","
                        + "\"value_before\":{\"id\":13,\"amount\":6,\"note\":\"n\"},"
                        + "\"value_after\":{\"id\":13,\"amount\":9,\"note\":\"n\"},\"fields\":[\"amount\"]}\n");
    }

    @Test
    void historyTellsEveryMoveOfARow() {
        for (int id : new int[] {0, 3, 7, 13, 24, 26, 299}) {
            List<String> expected = new ArrayList<>();
            Integer before = null;
            for (int move = 0; move < MOVES.size(); move++) {
                int number = MOVES.get(move);
                boolean kept = !GONE.contains(number);
                Integer now = kept ? amount(id, number) : null;
                String known = change(before, now);
                String afterAGap = now == null ? "ABSENT" : "PRESENT";
                String change = !kept ? "UNKNOWN" : move > 0 && GONE.contains(MOVES.get(move - 1)) ? afterAGap : known;
                expected.add((move + 1) + " " + change + " " + (move == 6 ? "ROLLBACK" : "PUBLICATION") + " " + number
                        + " " + now);
                before = now;
            }
            CommandRun run = playground.run("history", Playground.DATASET, "" + id, "--all", "--json");
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(run.out()
                            .lines()
                            .map(line -> line.replaceAll(
                                    ".*\"revision\":(\\d+),.*\"change\":\"(\\w+)\",\"by\":\"(\\w+)\",\"version\":(\\d+),.*\"value\":(?:.*\"amount\":)?(\\w+).*",
                                    "$1 $2 $3 $4 $5")))
                    .containsExactlyElementsOf(expected);
            assertThat(run.out().lines().filter(line -> !line.contains("UNKNOWN")))
                    .allMatch(line -> line.contains("\"labels\":{\"run\":\"7\"}"));
        }
    }

    @Test
    void historyPrintsOnlyWhatChangedTheRow() {
        CommandRun run = playground.run("history", Playground.DATASET, "13");

        assertThat(run.out()
                        .lines()
                        .skip(1)
                        .map(line -> line.replaceAll("^(\\d+) +\\S+ +(\\w+( \\(rollback\\))?) +(\\d+) .*", "$1 $2 $4")))
                .containsExactly("1 added 1", "3 updated 3", "4 updated 4", "7 present (rollback) 4");
        assertThat(playground
                        .run("history", Playground.DATASET, "6")
                        .out()
                        .lines()
                        .skip(1)
                        .map(line -> line.replaceAll("^(\\d+) +\\S+ +(\\w+( \\(rollback\\))?) +(\\d+) .*", "$1 $2 $4")))
                .containsExactly("1 added 1", "7 present (rollback) 4");
    }

    @Test
    void aKeyThatNeverWasIsNotFound() {
        CommandRun run = playground.run("history", Playground.DATASET, "100000");
        assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(run.err()).isEqualTo("penstock: default/row.v1: no version that is kept has this key\n");
        CommandRun version = playground.run("diff", Playground.DATASET, "1", "99");
        assertThat(version.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(version.err())
                .isEqualTo("penstock: default/row.v1: there is no version 99; see 'penstock versions row.v1 --store"
                        + " URL'\n");
    }

    @Test
    void verifyFindsEveryVersionWhole() {
        for (String version : new String[] {"1", "4", "10"}) {
            CommandRun run = playground.run("verify", Playground.DATASET, "--version", version, "--json");
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(run.out()).contains("\"whole\":true,\"rows\":285,");
        }
        assertThat(playground.run("verify", Playground.DATASET).out())
                .matches(
                        "default/row\\.v1: version 10: whole, 285 rows in \\d+ buckets \\([0-9.]+ KiB\\); \\d+ blobs read\n");
    }
}
