package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.penstock.cli.Penstock;
import io.penstock.it.TestData;
import io.penstock.it.faults.Readers.Rows;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code penstock serve} in a process of its own is ended by SIGTERM while it is asked. */
class TerminationIT {
    private static final TestData DATA = new TestData("ended", 5_000, 50, 60);
    private static final int EXIT_ON_SIGTERM = 143;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private Path directory;

    @Test
    void noCallFailsWhenAServerIsEnded() throws Exception {
        try (RedisServer redis = RedisServer.start();
                FaultProxy proxy = FaultProxy.to("127.0.0.1", redis.port());
                PublishedData published = PublishedData.on(redis.url(), DATA)) {
            published.publish(1);
            proxy.delay(Duration.ofMillis(8), Duration.ofMillis(6)); // so that calls are in flight
            Process server = start("redis://127.0.0.1:" + proxy.port(), Map.of());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
                ManagedChannel channel = channel(String.valueOf(lines.readLine()));
                BlockingQueue<ServingStatus> health = watch(channel);
                awaitServing(health, server);
                Readers readers = Readers.start(
                        published,
                        Rows.through(0, DATA.rows()),
                        64,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(1),
                        channel);
                readers.during(Duration.ofSeconds(1)).assertOnly(Tally.FOUND);

                server.destroy(); // SIGTERM
                long endNanos = System.nanoTime();
                assertThat(health.poll(10, TimeUnit.SECONDS)).isEqualTo(ServingStatus.NOT_SERVING);
                readers.during(Duration.ofMillis(300)).assertOnly(Tally.FOUND); // load balancers are slow to notice
                Tally drained = readers.end();
                assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
                drained.assertOnly(Tally.FOUND);
                assertThat(server.exitValue()).isEqualTo(EXIT_ON_SIGTERM);
                Measured.atMost(
                        "SIGTERM: end of the process",
                        Duration.ofNanos(System.nanoTime() - endNanos),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20));
                channel.shutdownNow();
            } finally {
                server.destroyForcibly();
            }
        }
    }

    @Test
    void aServerTakesTheTimeItIsGivenToEnd() throws Exception {
        try (RedisServer redis = RedisServer.start();
                PublishedData published = PublishedData.on(redis.url(), DATA)) {
            published.publish(1);
            Process server = start(redis.url(), Map.of("PENSTOCK_SHUTDOWN_LAME_DUCK", "12s"));
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
                ManagedChannel channel = channel(String.valueOf(lines.readLine()));
                BlockingQueue<ServingStatus> health = watch(channel);
                awaitServing(health, server);

                server.destroy(); // SIGTERM
                assertThat(health.poll(10, TimeUnit.SECONDS)).isEqualTo(ServingStatus.NOT_SERVING);
                assertThat(server.waitFor(10, TimeUnit.SECONDS)).isFalse();
                assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(server.exitValue()).isEqualTo(EXIT_ON_SIGTERM);
                channel.shutdownNow();
            } finally {
                server.destroyForcibly();
            }
        }
    }

    private Process start(String storeUrl, Map<String, String> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--add-opens",
                "java.base/java.nio=ALL-UNNAMED",
                "--add-opens",
                "java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                System.getProperty("java.class.path"),
                Penstock.class.getName()));
        command.addAll(List.of("serve", "--store", storeUrl, "--namespace", PublishedData.NAMESPACE));
        command.addAll(List.of("--listen", "127.0.0.1:0", "--http", "none"));
        ProcessBuilder process = new ProcessBuilder(command)
                .redirectError(directory.resolve("serve.err").toFile());
        process.environment().put("PENSTOCK_WARMUP_DURATION", "0s"); // its last reads would still be on their way
        process.environment().putAll(settings);
        return process.start();
    }

    private static void awaitServing(BlockingQueue<ServingStatus> health, Process server) throws InterruptedException {
        while (health.poll(30, TimeUnit.SECONDS) != ServingStatus.SERVING) {
            assertThat(server.isAlive()).isTrue();
        }
    }

    private static ManagedChannel channel(String announcement) {
        String begin = "serving on ";
        assertThat(announcement).startsWith(begin);
        return NettyChannelBuilder.forTarget(announcement.substring(begin.length()))
                .usePlaintext()
                .directExecutor()
                .build();
    }

    private static BlockingQueue<ServingStatus> watch(ManagedChannel channel) {
        BlockingQueue<ServingStatus> seen = new LinkedBlockingQueue<>();
        HealthGrpc.newStub(channel).watch(HealthCheckRequest.getDefaultInstance(), new StreamObserver<>() {
            @Override
            public void onNext(HealthCheckResponse response) {
                seen.add(response.getStatus());
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {}
        });
        return seen;
    }
}
