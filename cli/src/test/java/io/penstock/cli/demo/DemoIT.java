package io.penstock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.cli.CommandRun;
import io.penstock.cli.ExitCode;
import io.penstock.store.cassandra.servers.CassandraServer;
import io.penstock.store.redis.servers.RedisServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoIT {
    @TempDir
    Path directory;

    @Test
    void showsTwoVersionsAndARollback() {
        CommandRun run = CommandRun.of(
                "demo",
                "--once",
                "--scale",
                "0.01",
                "--dir",
                directory.resolve("demo").toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out())
                .containsSubsequence(
                        "version 1 published, revision 1",
                        "customer-360.v1 13  version 1, revision 1",
                        "version 2 published, revision 2",
                        "1 of 1 serve it",
                        "customer-360.v1 13  version 2, revision 2",
                        "customer-360.v1: version 2 -> 1, revision 3",
                        "customer-360.v1 13  version 1, revision 3",
                        "rolled back");

        administer("lmdb:" + directory.resolve("demo").resolve("store"));
    }

    @Test
    void runsOnRedisByChangingOnlyTheUrl() {
        try (RedisServer redis = RedisServer.start()) {
            String[] command = {
                "demo",
                "--once",
                "--scale",
                "0.01",
                "--dir",
                directory.resolve("demo").toString(),
                "--store",
                redis.url()
            };
            CommandRun run = CommandRun.of(command);
            assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
            assertThat(run.out())
                    .containsSubsequence(
                            "export PENSTOCK_STORE=" + redis.url(), "version 2 -> 1, revision 3", "rolled back");
            administer(redis.url());

            CommandRun again = CommandRun.of(command);
            assertThat(again.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(again.err())
                    .contains("demo: " + redis.url() + " holds customer-360.v1 already (expected: a store without it,"
                            + " such as another database or directory)");
        }
    }

    @Test
    void runsOnCassandraByChangingOnlyTheUrl() {
        assumeTrue(
                CassandraServer.unavailable().isEmpty(),
                () -> CassandraServer.unavailable().orElse(""));
        String url = CassandraServer.shared().url("demo");
        CommandRun init = CommandRun.of("store", "init", "--store", url);
        assertThat(init.exitCode()).as(init.err()).isEqualTo(ExitCode.DONE);
        CommandRun run = CommandRun.of(
                "demo",
                "--once",
                "--scale",
                "0.01",
                "--dir",
                directory.resolve("demo").toString(),
                "--store",
                url);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).containsSubsequence("version 2 -> 1, revision 3", "rolled back");
        administer(url);
    }

    private void administer(String store) {
        String publication =
                directory.resolve("demo").resolve("publication.yaml").toString();
        assertThat(CommandRun.of("pause", "customer-360.v1", "--reason", "audit", "--store", store)
                        .exitCode())
                .isEqualTo(ExitCode.DONE);
        assertThat(CommandRun.of("publish", publication, "--store", store).exitCode())
                .isEqualTo(ExitCode.REFUSED);
        assertThat(CommandRun.of("resume", "customer-360.v1", "--store", store).exitCode())
                .isEqualTo(ExitCode.DONE);
        assertThat(CommandRun.of("publish", publication, "--store", store, "--json")
                        .out())
                .contains("\"outcome\":\"PUBLISHED\"", "\"version\":");
        assertThat(CommandRun.of("publish", publication, "--store", store, "--json")
                        .out())
                .contains("\"outcome\":\"UNCHANGED\"");
        assertThat(CommandRun.of("gc", "--grace", "0", "--sweep-now", "--store", store)
                        .exitCode())
                .isEqualTo(ExitCode.DONE);
    }
}
