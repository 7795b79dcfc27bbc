package io.penstock.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.echo.EchoAnswers;
import io.penstock.benchmarks.echo.EchoOptions;
import io.penstock.benchmarks.echo.EchoServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The driver against the baseline server, for moments: that figures are there, not what they are. */
class LoadDriverTest {
    private static final LoadOptions.Span SHORT = new LoadOptions.Span(Duration.ofMillis(100), Duration.ofMillis(400));
    private static final Calls.Keys KEYS = Calls.Keys.of(KeySpace.range(1, 1000), KeyDistribution.ZIPF);
    private static final Calls GETS = new Calls.Lookups("echo.v1", 0, KEYS);

    @Test
    void sendsEveryDueCallOfAnOpenLoopAndCountsItsOutcome() throws Exception {
        try (EchoServer server = EchoServer.start(EchoOptions.defaults())) {
            Pace pace = new Pace.OpenLoop(500, Arrivals.CONSTANT, Duration.ofMinutes(1), Pace.Waiting.SPIN);

            LoadReport report = LoadDriver.run(new LoadOptions(target(server), GETS, pace, SHORT));

            assertThat(report.valid()).isTrue();
            assertThat(report.statuses()).isEqualTo(Map.of("OK", 200L));
            assertThat(report.outcomes()).isEqualTo(Map.of("FOUND", 200L));
            assertThat(report.answered().count()).isEqualTo(200);
            assertThat(report.lag().count()).isEqualTo(200);
            assertThat(report.toText()).contains("open loop, 500 calls/s", "throughput", "driver lag");
        }
    }

    @Test
    void sharesPoissonArrivalsAmongEventLoops() throws Exception {
        try (EchoServer server = EchoServer.start(EchoOptions.defaults())) {
            LoadOptions.Target target =
                    new LoadOptions.Target("127.0.0.1:" + server.port(), 3, 2, Duration.ofSeconds(30));
            Pace pace = new Pace.OpenLoop(1000, Arrivals.POISSON, Duration.ofMinutes(1), Pace.Waiting.SPIN);

            LoadReport report = LoadDriver.run(new LoadOptions(target, GETS, pace, SHORT));

            // 400 are expected; ten standard deviations are 200.
            assertThat(report.answered().count()).isBetween(200L, 600L);
        }
    }

    @Test
    void countsEveryKeyOfABatch() throws Exception {
        EchoOptions options = EchoOptions.of(EchoAnswers.ofRows(20, 10));
        try (EchoServer server = EchoServer.start(options)) {
            Pace pace = new Pace.OpenLoop(100, Arrivals.CONSTANT, Duration.ofMinutes(1), Pace.Waiting.SPIN);

            LoadReport report = LoadDriver.run(
                    new LoadOptions(target(server), new Calls.Lookups("echo.v1", 10, KEYS), pace, SHORT));

            assertThat(report.statuses()).isEqualTo(Map.of("OK", 40L));
            assertThat(report.outcomes()).isEqualTo(Map.of("FOUND", 400L));
            assertThat(report.keysPerSecond()).isEqualTo(report.callsPerSecond() * 10);
        }
    }

    @Test
    void findsTheCapacityInAClosedLoop() throws Exception {
        try (EchoServer server = EchoServer.start(EchoOptions.defaults())) {
            LoadOptions.Span second = new LoadOptions.Span(Duration.ofMillis(500), Duration.ofSeconds(1));

            LoadReport report = LoadDriver.run(new LoadOptions(target(server), GETS, new Pace.ClosedLoop(16), second));

            assertThat(report.callsPerSecond()).isPositive();
            assertThat(report.statuses()).containsOnlyKeys("OK");
            assertThat(report.lag().count()).isZero();
        }
    }

    @Test
    void isInvalidWhenTheDriverCannotKeepUp() throws Exception {
        try (EchoServer server = EchoServer.start(EchoOptions.defaults())) {
            Pace pace = new Pace.OpenLoop(5_000_000, Arrivals.CONSTANT, Duration.ofMillis(1), Pace.Waiting.SPIN);
            LoadOptions.Span instant = new LoadOptions.Span(Duration.ZERO, Duration.ofNanos(200_000));

            LoadReport report = LoadDriver.run(new LoadOptions(target(server), GETS, pace, instant));

            assertThat(report.valid()).isFalse();
            assertThat(report.problems()).singleElement().asString().startsWith("the driver itself was late: lag p99 ");
        }
    }

    @Test
    void namesAServerThatDoesNotAnswer() throws Exception {
        String server = "127.0.0.1:" + closedPort();
        LoadOptions options = new LoadOptions(LoadOptions.Target.of(server), GETS, new Pace.ClosedLoop(1), SHORT);

        assertThatThrownBy(() -> LoadDriver.run(options))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageStartingWith("server " + server + " does not answer: ");
    }

    private static LoadOptions.Target target(EchoServer server) {
        return new LoadOptions.Target("127.0.0.1:" + server.port(), 2, 1, Duration.ofSeconds(30));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
