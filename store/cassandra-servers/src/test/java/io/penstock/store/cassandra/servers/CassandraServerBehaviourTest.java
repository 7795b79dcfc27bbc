package io.penstock.store.cassandra.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class CassandraServerBehaviourTest {
    @Test
    void takesClientsUntilItIsClosed() throws IOException {
        assumeTrue(
                CassandraServer.unavailable().isEmpty(),
                () -> CassandraServer.unavailable().orElse(""));
        CassandraServer server = CassandraServer.start();
        long pid = server.pid();
        try (server) {
            try (Socket socket = new Socket(server.host(), server.port())) {
                assertThat(socket.isConnected()).isTrue();
            }
            assertThat(server.url("keyspace")).startsWith("cassandra://127.0.0.1:" + server.port() + "/keyspace?");
        }
        assertThat(server.isRunning()).isFalse();
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void saysWhyItDidNotStart() {
        assumeTrue(
                CassandraServer.unavailable().isEmpty(),
                () -> CassandraServer.unavailable().orElse(""));
        assertThatThrownBy(() -> CassandraServer.start("num_tokens: some"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended as it started")
                .hasMessageContaining("num_tokens");
    }
}
