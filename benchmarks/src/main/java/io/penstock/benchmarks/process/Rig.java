package io.penstock.benchmarks.process;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.Conditions;
import io.penstock.benchmarks.data.Published;
import io.penstock.benchmarks.data.SyntheticData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one measurement runs on: the processes it starts, their files and their command lines. Closing it ends them, the
 * last first. Used by one thread.
 */
public final class Rig implements AutoCloseable {
    private static final int EVENT_LOOPS = 1;

    private final Distribution distribution;
    private final @Nullable String redisUrl;
    private final Map<String, String> serverEnvironment;
    private final Path directory;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final Map<String, String> conditions = new LinkedHashMap<>();
    private int started;

    /**
     * @param redisUrl a Redis to use instead of one of its own; it must be empty
     * @param serverEnvironment for every server that does not say otherwise
     */
    public Rig(Distribution distribution, @Nullable String redisUrl, Map<String, String> serverEnvironment) {
        this.serverEnvironment = Map.copyOf(serverEnvironment);
        this.distribution = distribution;
        this.redisUrl = redisUrl;
        try {
            this.directory = Files.createTempDirectory("penstock-bench-");
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "a temporary directory cannot be made", e);
        }
    }

    /** Starts a Redis, or connects to the one that was given. */
    public RedisUnderTest redis() {
        RedisUnderTest redis = redisUrl == null ? RedisUnderTest.start() : RedisUnderTest.at(redisUrl, false);
        opened.push(redis);
        note("redis", redis.describe());
        return redis;
    }

    /** A place for an embedded store. */
    public String embeddedStore() {
        return "lmdb:" + directory.resolve("store-" + ++started);
    }

    /** Starts a server; it may not be ready. */
    public ServeProcess serve(String storeUrl, Map<String, String> environment) throws InterruptedException {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PENSTOCK_EVENT_LOOPS", String.valueOf(EVENT_LOOPS));
        variables.put("PENSTOCK_SHUTDOWN_LAME_DUCK", "0s");
        variables.putAll(serverEnvironment);
        variables.putAll(environment);
        List<String> arguments =
                List.of("serve", "--store", storeUrl, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--json");
        ServeProcess server =
                ServeProcess.of(distribution.start("serve-" + ++started, arguments, variables, directory));
        opened.push(server);
        note(
                "server with " + variables.get("PENSTOCK_EVENT_LOOPS") + " event loops",
                withoutPaths(variables + " " + server.commandLine()));
        return server;
    }

    /** Starts a server and waits until it is ready. */
    public ServeProcess serveReady(String storeUrl, Map<String, String> environment) throws InterruptedException {
        ServeProcess server = serve(storeUrl, environment);
        server.awaitReady();
        return server;
    }

    /**
     * Starts the baseline.
     *
     * @param method {@code package.Service/Method}, which it answers with these bytes
     */
    public EchoProcess echo(String method, byte[] answer) throws InterruptedException {
        Path file = write("answer-" + ++started, answer);
        List<String> arguments = List.of(
                "bench",
                "echo",
                "--event-loops",
                String.valueOf(EVENT_LOOPS),
                "--method",
                method,
                "--response",
                file.toString(),
                "--json");
        EchoProcess echo = EchoProcess.of(distribution.start("echo-" + started, arguments, Map.of(), directory));
        opened.push(echo);
        note("echo", withoutPaths(echo.commandLine()) + ", which has " + answer.length + " bytes");
        return echo;
    }

    /**
     * Starts to publish versions in a process of its own.
     *
     * @param more arguments of {@code bench data}
     */
    public PublisherProcess publisher(String storeUrl, SyntheticData data, String... more) {
        return publisher(
                distribution.start("publisher-" + ++started, arguments(storeUrl, data, more), Map.of(), directory));
    }

    /** The same, but servers and driver, which share the processors with it here, have them whenever they want. */
    public PublisherProcess idlePublisher(String storeUrl, SyntheticData data, String... more) {
        return publisher(
                distribution.startIdle("publisher-" + ++started, arguments(storeUrl, data, more), Map.of(), directory));
    }

    private PublisherProcess publisher(ChildProcess child) {
        PublisherProcess publisher = new PublisherProcess(child);
        opened.push(publisher);
        note("publisher", withoutPaths(publisher.commandLine()));
        return publisher;
    }

    private static List<String> arguments(String storeUrl, SyntheticData data, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "bench",
                "data",
                "--store",
                storeUrl,
                "--product",
                data.product(),
                "--rows",
                String.valueOf(data.rows()),
                "--value-bytes",
                String.valueOf(data.valueBytes()),
                "--changed",
                String.valueOf(data.changedShare()),
                "--json"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    /** Publishes the first version and waits for it. */
    public Published publishFirst(String storeUrl, SyntheticData data) throws InterruptedException {
        note("data", data.describe() + ", dataset " + data.dataset());
        try (PublisherProcess publisher = publisher(storeUrl, data)) {
            Published published = publisher.next();
            publisher.rest();
            return published;
        }
    }

    /** Runs any other program; its output is kept. */
    public ChildProcess run(String name, List<String> command) {
        ChildProcess child = ChildProcess.start(name + "-" + ++started, command, Map.of(), directory);
        opened.push(child);
        note(name, withoutPaths(child.commandLine()));
        return child;
    }

    /** A file that is deleted with the rig. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    private Path write(String name, byte[] content) {
        try {
            return Files.write(directory.resolve(name), content);
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "the temporary directory cannot be written", e);
        }
    }

    /** Adds to the conditions. */
    public void note(String name, String value) {
        conditions.put(name, value);
    }

    /** Machine, JVM and processes, in the order to print them. */
    public Map<String, String> conditions() {
        Map<String, String> all = new LinkedHashMap<>(Conditions.ofThisProcess());
        all.putAll(conditions);
        return all;
    }

    private String withoutPaths(String text) {
        return text.replace(directory.toString(), "$TMP")
                .replace(distribution.launcher().toString(), "penstock");
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                throw new BenchmarkException(
                        BenchmarkException.Code.CHILD_FAILED, "a program the benchmark started cannot be ended", e);
            }
        }
        delete(directory);
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = new ArrayList<>(files.toList());
            deepestFirst.sort((a, b) -> b.getNameCount() - a.getNameCount());
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new BenchmarkException(BenchmarkException.Code.INVALID_OPTIONS, directory + " cannot be deleted", e);
        }
    }
}
