package io.penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.Store;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the kit's server listens. */
class RunningServerTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void endTimer() {
        timer.shutdownNow();
    }

    @Test
    void listensWhereItSaidItWould() {
        try (RunningServer server = new RunningServer(Map.of())) {
            String said = server.address();

            server.start(emptyStore());

            assertThat(server.address()).isEqualTo(said);
        }
    }

    @Test
    void listensElsewhereIfItsPortIsTakenBeforeTheFirstStart() throws Exception {
        try (RunningServer server = new RunningServer(Map.of());
                ServerSocket other = new ServerSocket(portOf(server), 1, InetAddress.getLoopbackAddress())) {
            server.start(emptyStore());

            assertThat(server.isUp()).isTrue();
            assertThat(portOf(server)).isNotIn(0, other.getLocalPort());
        }
    }

    private Store emptyStore() {
        return new KitData(timer).seenByServer(new StoreFaults(new DelayedReads(timer)));
    }

    private static int portOf(RunningServer server) {
        return Integer.parseInt(server.address().substring("127.0.0.1:".length()));
    }
}
