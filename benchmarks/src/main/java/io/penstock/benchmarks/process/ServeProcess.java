package io.penstock.benchmarks.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.benchmarks.BenchmarkException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A {@code penstock serve} of its own. */
public final class ServeProcess implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(30);
    private static final Duration READY_MAX = Duration.ofSeconds(60);
    private static final Duration PAGE_MAX = Duration.ofSeconds(5);
    private static final Duration READY_POLL = Duration.ofMillis(2);

    private final ChildProcess child;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PAGE_MAX).build();
    private final String address;
    private final int httpPort;

    private ServeProcess(ChildProcess child, String address, int httpPort) {
        this.child = child;
        this.address = address;
        this.httpPort = httpPort;
    }

    /** Waits until it listens; {@link #awaitReady} until it answers. */
    static ServeProcess of(ChildProcess child) throws InterruptedException {
        try {
            JsonNode said = Lines.json(child.nextLine(START_MAX));
            return new ServeProcess(
                    child, said.path("listen").asText(), said.path("http_port").asInt());
        } catch (RuntimeException | InterruptedException e) {
            child.close();
            throw e;
        }
    }

    /** Where it answers look-ups. */
    public String address() {
        return address;
    }

    /** Waits until it calls itself ready, which includes its warm-up; returns at most a few milliseconds later. */
    public void awaitReady() throws InterruptedException {
        long giveUp = System.nanoTime() + READY_MAX.toNanos();
        while (status("/readyz") != 200) {
            if (System.nanoTime() - giveUp > 0 || !child.isAlive()) {
                throw new BenchmarkException(
                        BenchmarkException.Code.CHILD_FAILED,
                        "the server " + (child.isAlive() ? "did not get ready within " + READY_MAX : "ended"),
                        null);
            }
            LockSupport.parkNanos(READY_POLL.toNanos());
        }
    }

    /** Its metrics as they are now. */
    public Metrics metrics() throws InterruptedException {
        return Metrics.parse(page("/metrics").body());
    }

    public long pid() {
        return child.pid();
    }

    public String commandLine() {
        return child.commandLine();
    }

    private int status(String path) throws InterruptedException {
        return page(path).statusCode();
    }

    private HttpResponse<String> page(String path) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .timeout(PAGE_MAX)
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.CHILD_FAILED, "the server's page " + path + " cannot be read", e);
        }
    }

    @Override
    public void close() {
        child.close();
    }
}
