package io.penstock.store.redis.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One Redis process on a loopback port of its own, in a temporary directory, that ends with {@link #close} or with this
 * JVM. It keeps nothing on disk and evicts nothing unless asked to.
 *
 * <p>Thread-safe; every method blocks until what it says is done.
 */
public final class RedisServer implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 20;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int LOG_CHARS_MAX = 4_000;

    private final RedisExecutable executable;
    private final Kind kind;
    private final int port;
    private final @Nullable String password;
    private final Path directory;
    private final Guardian guardian;

    // Guarded by this.
    private @Nullable Process process;

    /** What kind of process it is. */
    enum Kind {
        STORE,
        CLUSTER_NODE,
        SENTINEL
    }

    /** Somebody else was faster to listen on the port. */
    static final class PortTakenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PortTakenException(int port) {
            super("port " + port + " is taken");
        }
    }

    /**
     * Starts a server on a free port.
     *
     * @param config lines of {@code redis.conf}, such as {@code maxmemory 64mb}; they override the defaults
     */
    public static RedisServer start(String... config) {
        for (int attempt = 1; ; attempt++) {
            try {
                return start(Kind.STORE, FreePorts.next(), List.of(config), null);
            } catch (PortTakenException e) {
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    /** @param nodes the cluster's {@code nodes.conf} as this node shall find it, or null */
    static RedisServer start(Kind kind, int port, List<String> config, @Nullable String nodes) {
        RedisServer server = new RedisServer(kind, port, config);
        try {
            Files.write(server.directory.resolve("redis.conf"), server.config(config));
            if (nodes != null) {
                Files.writeString(server.directory.resolve("nodes.conf"), nodes);
            }
            server.launch();
            return server;
        } catch (IOException e) {
            server.close();
            throw new UncheckedIOException(server + ": cannot start", e);
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private RedisServer(Kind kind, int port, List<String> config) {
        this.executable = RedisExecutable.find();
        this.kind = kind;
        this.port = port;
        this.password = password(config);
        try {
            this.directory = Files.createTempDirectory("penstock-redis-" + port + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("Redis for tests: cannot make a temporary directory", e);
        }
        this.guardian = Guardian.of(directory);
    }

    private static @Nullable String password(List<String> config) {
        String setting = "requirepass ";
        for (String line : config) {
            if (line.startsWith(setting)) {
                return line.substring(setting.length());
            }
        }
        return null;
    }

    private List<String> config(List<String> own) {
        List<String> lines = new ArrayList<>(List.of("bind 127.0.0.1", "port " + port, "dir \"" + directory + "\""));
        if (kind != Kind.SENTINEL) {
            lines.addAll(List.of(
                    "save \"\"",
                    "maxmemory-policy noeviction",
                    "repl-diskless-sync yes",
                    "repl-diskless-sync-delay 0",
                    "repl-diskless-load swapdb"));
            if (password != null) {
                lines.add("masterauth " + password);
            }
            if (majorVersion() >= 7) {
                lines.add("enable-debug-command local");
            }
        }
        if (kind == Kind.CLUSTER_NODE) {
            lines.addAll(List.of("cluster-enabled yes", "cluster-config-file nodes.conf"));
        }
        lines.addAll(own);
        return lines;
    }

    public int port() {
        return port;
    }

    /** The address in a store URL: {@code 127.0.0.1:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** The URL of a store on this server, with the password if it has one. */
    public String url() {
        return "redis://" + (password == null ? "" : ":" + password + "@") + address();
    }

    /** Version as the executable names it, such as {@code 7.0.15}. */
    public String version() {
        return executable.version();
    }

    public int majorVersion() {
        return executable.majorVersion();
    }

    public synchronized long pid() {
        return running().pid();
    }

    public synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Kills it with SIGKILL; whatever was not on disk is lost. Does nothing when it is not running. */
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

    /** Starts it again on the same port, in the same directory; kills it first if it is running. */
    public synchronized void restart() {
        kill();
        for (int attempt = 1; ; attempt++) {
            try {
                launch();
                return;
            } catch (PortTakenException e) {
                kill();
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    /**
     * One command on a connection of its own; strings stand for bytes one to one (ISO 8859-1).
     *
     * @return the string or number as text, the elements of an array one a line, null for nil
     * @throws RedisErrorException if the server answers with an error
     */
    public @Nullable String command(String... command) {
        try {
            return exchange(List.of(command));
        } catch (IOException e) {
            throw new UncheckedIOException(this + ": " + command[0] + " failed\n" + log(), e);
        }
    }

    /** The value of a field of {@code INFO}, or the empty string. */
    public String info(String field) {
        String all = command("INFO", "all");
        String start = field + ":";
        for (String line : all == null ? new String[0] : all.split("\r\n", -1)) {
            if (line.startsWith(start)) {
                return line.substring(start.length());
            }
        }
        return "";
    }

    /** The end of what it has logged, for failure messages. */
    public String log() {
        try {
            String log = Files.readString(directory.resolve("redis.log"));
            return log.substring(Math.max(0, log.length() - LOG_CHARS_MAX));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    @Override
    public synchronized void close() {
        kill();
        guardian.close();
    }

    @Override
    public String toString() {
        return "Redis " + executable.version() + " " + kind + " on port " + port;
    }

    private synchronized void launch() {
        List<String> command = new ArrayList<>(List.of(
                executable.path().toString(), directory.resolve("redis.conf").toString()));
        if (kind == Kind.SENTINEL) {
            command.add("--sentinel");
        }
        Process started;
        try {
            Files.deleteIfExists(directory.resolve("redis.log"));
            started = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("redis.log").toFile())
                    .start();
            started.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(this + ": cannot run " + executable.path(), e);
        }
        process = started;
        guardian.guard(started.pid());
        Waiting.until(this + " answers", this::log, () -> isReady(started));
    }

    private boolean isReady(Process started) {
        if (!started.isAlive()) {
            String log = log();
            if (log.contains("Address already in use")) {
                throw new PortTakenException(port);
            }
            throw new IllegalStateException(this + ": ended as it started\n" + log);
        }
        try {
            // The process id, because another server may have been faster to listen on this port.
            String info = exchange(List.of("INFO", "server"));
            return info != null
                    && info.contains("\r\nprocess_id:" + started.pid() + "\r\n")
                    && (kind == Kind.SENTINEL || "PONG".equals(exchange(List.of("PING"))));
        } catch (IOException | RedisErrorException e) {
            return false; // not listening yet, or loading
        }
    }

    private @Nullable String exchange(List<String> command) throws IOException {
        try (Resp connection = new Resp(port, TIMEOUT_MILLIS)) {
            if (password != null) {
                connection.call(List.of("AUTH", password));
            }
            return connection.call(command);
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
            if (!ended.waitFor(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(this + ": process " + ended.pid() + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(this + ": interrupted while process " + ended.pid() + " ended", e);
        }
    }
}
