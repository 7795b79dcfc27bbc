package io.penstock.store.cassandra.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One Cassandra process on loopback ports of its own, in a temporary directory, that ends with {@link #close} or with this
 * JVM. It is up after about ten seconds, so tests share {@linkplain #shared one} and take a keyspace each.
 *
 * <p>Thread-safe; every method blocks until what it says is done.
 */
public final class CassandraServer implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 5;
    private static final int END_SECONDS = 30;
    private static final int LOG_CHARS_MAX = 6_000;

    private final CassandraInstallation installation;
    private final int host;
    private final int port;
    private final Path directory;
    private final Guardian guardian;

    // Guarded by this.
    private @Nullable Process process;

    /** Somebody else was faster to listen on a port. */
    static final class PortTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PortTakenException(String server) {
            super(server + ": a port is taken");
        }
    }

    private static final class Shared {
        private static final CassandraServer SERVER = start();
    }

    /** Why no server can be started here, or empty. Tests that need one are skipped with this reason. */
    public static Optional<String> unavailable() {
        return CassandraInstallation.find().isPresent()
                ? Optional.empty()
                : Optional.of(
                        "no JDK 17 or 11 found, and Cassandra 5 runs on no other; install one, or name its java with"
                                + " -D" + CassandraInstallation.PROPERTY);
    }

    /** The server of this JVM: started by the first who asks, never closed by anybody, ended with the JVM. */
    public static CassandraServer shared() {
        return Shared.SERVER;
    }

    /**
     * Starts a single node on free ports.
     *
     * @param config lines of {@code cassandra.yaml}; they replace the defaults of the same name
     */
    public static CassandraServer start(String... config) {
        for (int attempt = 1; ; attempt++) {
            CassandraServer server = new CassandraServer(1, FreePorts.next(1));
            try {
                server.configure(FreePorts.next(1), 0, List.of(config));
                server.launch();
                server.awaitListening();
                return server;
            } catch (PortTakenException e) {
                server.close();
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
        }
    }

    CassandraServer(int host, int port) {
        this.installation = CassandraInstallation.find()
                .orElseThrow(() -> new IllegalStateException(unavailable().orElse("")));
        this.host = host;
        this.port = port;
        try {
            Path target = Path.of("target");
            String name = "cassandra-" + host + "-" + port + "-";
            this.directory = Files.isDirectory(target)
                    ? Files.createTempDirectory(target, name).toAbsolutePath()
                    : Files.createTempDirectory("penstock-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException("Cassandra for tests: cannot make a temporary directory", e);
        }
        this.guardian = Guardian.of(directory);
    }

    void configure(int storagePort, long token, List<String> own) {
        try {
            Files.writeString(
                    directory.resolve("cassandra.yaml"),
                    CassandraConfig.yaml(directory, host, port, storagePort, token, own));
            Files.writeString(directory.resolve("logback.xml"), CassandraConfig.logback());
        } catch (IOException e) {
            throw new UncheckedIOException(this + ": cannot write its configuration", e);
        }
    }

    public String host() {
        return "127.0.0." + host;
    }

    /** Where it takes clients. */
    public int port() {
        return port;
    }

    /**
     * The URL of a store in a keyspace of one copy, which opening it with {@code create} makes. Time-outs are those of a
     * busy test machine.
     */
    public String url(String keyspace) {
        return "cassandra://" + host() + ":" + port + "/" + keyspace
                + "?dc=datacenter1&replication=1&timeout=10s&write_timeout=30s";
    }

    public synchronized long pid() {
        return running().pid();
    }

    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Kills it with SIGKILL; what it confirmed is in its commit log. Does nothing when it is not running. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd(process);
            guardian.release();
            process = null;
        }
    }

    /** Freezes it with SIGSTOP: connections stay, nothing answers. */
    public synchronized void stop() {
        signal("STOP");
    }

    /** Lets a frozen one go on. */
    public synchronized void resume() {
        signal("CONT");
    }

    /** Starts it again on the same ports, with its data; kills it first if it is running. */
    public synchronized void restart() {
        kill();
        launch();
        awaitListening();
    }

    /** The end of what it has logged, for failure messages. */
    public String log() {
        String log = wholeLog();
        return log.substring(Math.max(0, log.length() - LOG_CHARS_MAX));
    }

    @Override
    public synchronized void close() {
        kill();
        guardian.close();
    }

    @Override
    public String toString() {
        return "Cassandra at " + host() + ":" + port;
    }

    synchronized void launch() {
        Process started;
        try {
            started = new ProcessBuilder(CassandraConfig.command(installation, directory))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("cassandra.log").toFile())
                    .start();
            started.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(this + ": cannot run " + installation.java(), e);
        }
        process = started;
        guardian.guard(started.pid());
    }

    void awaitListening() {
        Waiting.until(this + " answers", this::log, () -> {
            String log = wholeLog();
            if (!isRunning()) {
                if (log.contains("Address already in use") || log.contains("is in use by another process")) {
                    throw new PortTakenException(toString());
                }
                throw new IllegalStateException(this + ": ended as it started\n" + log());
            }
            return log.contains(CassandraConfig.LISTENING);
        });
    }

    private String wholeLog() {
        try {
            return Files.readString(directory.resolve("cassandra.log"));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(this + ": was killed");
        }
        return process;
    }

    private void signal(String signal) {
        long pid = running().pid();
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).start();
            awaitEnd(kill);
            if (kill.exitValue() != 0) {
                throw new IllegalStateException(this + ": cannot send SIG" + signal + " to process " + pid);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(this + ": cannot run sh", e);
        }
    }

    private void awaitEnd(Process ended) {
        try {
            if (!ended.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(this + ": process " + ended.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(this + ": interrupted while process " + ended.pid() + " ended", e);
        }
    }
}
