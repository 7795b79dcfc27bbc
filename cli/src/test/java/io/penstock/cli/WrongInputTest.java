package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WrongInputTest {
    @TempDir
    Path directory;

    @Test
    void namesTheServerThatDoesNotAnswer() throws IOException {
        String server;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server = "127.0.0.1:" + socket.getLocalPort();
        }

        CommandRun run = CommandRun.of("get", "a.v1", "1", "--server", server);

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.err()).startsWith("penstock: server " + server + ": Get of a.v1: UNAVAILABLE: ");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void refusesAnAddressWithoutAPort() {
        assertFails(
                ExitCode.USAGE,
                "penstock: server: 'here' (expected: host:port, such as 127.0.0.1:7070)",
                "get",
                "a.v1",
                "1",
                "--server",
                "here");
    }

    @Test
    void refusesAStoreOfAnUnknownKind() {
        CommandRun run = CommandRun.of("versions", "a.v1", "--store", "foo:bar");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("penstock: store URL: no backend for 'foo:'");
    }

    @Test
    void asksForAStore() {
        assertFails(
                ExitCode.USAGE,
                "penstock: no store: give --store URL or set PENSTOCK_STORE, such as lmdb:./store",
                "rollback",
                "a.v1");
    }

    @Test
    void saysThatADatasetIsUnknown() {
        String store = "lmdb:" + directory.resolve("store");
        assertThat(CommandRun.of("store", "init", "--store", store).exitCode()).isEqualTo(ExitCode.DONE);

        assertFails(
                ExitCode.NOT_FOUND,
                "penstock: a.v1: the catalog has no such dataset; see 'penstock datasets --store URL'",
                "rollback",
                "a.v1",
                "--store",
                store);
    }

    @Test
    void namesAFileThatIsNotThere() {
        CommandRun run = CommandRun.of(
                "publish", directory.resolve("no.yaml").toString(), "--store", "lmdb:" + directory.resolve("store"));

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("no.yaml");
    }

    @Test
    void refusesServerAndStoreTogether() {
        assertFails(
                ExitCode.USAGE,
                "penstock: both --server and --store are given (expected: one of them)",
                "datasets",
                "--server",
                "127.0.0.1:1",
                "--store",
                "lmdb:x");
    }

    @Test
    void refusesAServerForWhatOnlyAStoreKnows() {
        assertFails(
                ExitCode.USAGE,
                "penstock: --audit is of a store (expected: --store URL)",
                "versions",
                "a.v1",
                "--audit",
                "--server",
                "127.0.0.1:1");
    }

    @Test
    void namesTheOptionWhoseTimeIsNone() {
        assertFails(
                ExitCode.USAGE,
                "penstock: timeout: '5' is not a length of time (expected: such as 250ms, 60s, 1h30m, 7d)",
                "get",
                "a.v1",
                "1",
                "--timeout",
                "5");
    }

    private static void assertFails(ExitCode exitCode, String message, String... arguments) {
        CommandRun run = CommandRun.of(arguments);

        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.err()).isEqualTo(message + System.lineSeparator());
        assertThat(run.out()).isEmpty();
    }
}
