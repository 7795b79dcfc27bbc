package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.penstock.cli.Penstock;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** {@code penstock serve} in a process of its own, that can be killed and comes back on the same port. */
final class ServerProcess implements AutoCloseable {
    /** Below the ports that operating systems give away, so that it is still free after the server's end. */
    private static final int PORT_FIRST = 20_000;

    private static final int PORT_LAST = 23_000;
    private static final long READY_SECONDS_MAX = 60;

    private final String storeUrl;
    private final Path errors;
    private final Map<String, String> environment;
    private final int port;
    private Process process;

    private ServerProcess(String storeUrl, Path errors, Map<String, String> environment, int port) throws IOException {
        this.storeUrl = storeUrl;
        this.errors = errors;
        this.environment = environment;
        this.port = port;
        this.process = launch();
    }

    /**
     * Starts a server; returns once it listens.
     *
     * @param environment settings, such as {@code PENSTOCK_EVENT_LOOPS}
     */
    static ServerProcess start(String storeUrl, Path errors, Map<String, String> environment) throws IOException {
        return new ServerProcess(storeUrl, errors, environment, freePort());
    }

    private static int freePort() throws IOException {
        while (true) {
            int candidate = ThreadLocalRandom.current().nextInt(PORT_FIRST, PORT_LAST);
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Somebody has it; the next one.
            }
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--add-opens",
                "java.base/java.nio=ALL-UNNAMED",
                "--add-opens",
                "java.base/sun.nio.ch=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Penstock.class.getName()));
        command.addAll(List.of("serve", "--store", storeUrl, "--namespace", PublishedData.NAMESPACE));
        command.addAll(List.of("--listen", address(), "--http", "none"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process started = builder.start();
        BufferedReader lines = started.inputReader(StandardCharsets.UTF_8);
        assertThat(lines.readLine()).startsWith("serving on ");
        return started;
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Waits until it says that it serves. */
    void awaitServing() throws Exception {
        ManagedChannel channel =
                NettyChannelBuilder.forTarget(address()).usePlaintext().build();
        try {
            var health = HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(READY_SECONDS_MAX, TimeUnit.SECONDS)
                    .withWaitForReady()
                    .watch(HealthCheckRequest.getDefaultInstance());
            while (health.next().getStatus() != ServingStatus.SERVING) {
                assertThat(process.isAlive()).isTrue();
            }
        } finally {
            channel.shutdownNow();
            channel.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    /** SIGTERM; returns when it has ended. */
    void terminate() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Starts it again and waits until it serves. */
    void restart() throws Exception {
        process = launch();
        awaitServing();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
