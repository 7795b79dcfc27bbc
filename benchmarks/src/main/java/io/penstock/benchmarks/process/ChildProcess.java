package io.penstock.benchmarks.process;

import io.penstock.benchmarks.BenchmarkException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program a benchmark started: its lines can be waited for, its output is kept, and it ends with this JVM. */
public final class ChildProcess implements AutoCloseable {
    private static final Duration END_MAX = Duration.ofSeconds(10);
    private static final int LOG_LINES_SHOWN = 8;

    /** Says that there are no more lines; no line is this very object. */
    private static final String END = new String("end");

    private final String name;
    private final List<String> command;
    private final Process process;
    private final Path errors;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread lastResort;

    private ChildProcess(String name, List<String> command, Process process, Path errors) {
        this.name = name;
        this.command = command;
        this.process = process;
        this.errors = errors;
        this.lastResort = new Thread(process::destroyForcibly, "end-" + name);
    }

    /**
     * Starts a program.
     *
     * @param name of its files, unique in the directory
     * @param environment added to this process's own
     * @param directory where its output is kept
     */
    public static ChildProcess start(
            String name, List<String> command, Map<String, String> environment, Path directory) {
        Path errors = directory.resolve(name + ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            ChildProcess child = new ChildProcess(name, List.copyOf(command), process, errors);
            Runtime.getRuntime().addShutdownHook(child.lastResort);
            child.readInto(Files.newBufferedWriter(directory.resolve(name + ".out")));
            return child;
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.CHILD_FAILED, name + ": cannot run " + command.get(0), e);
        }
    }

    private void readInto(Writer copy) {
        Thread reader = new Thread(
                () -> {
                    try (copy;
                            BufferedReader output = new BufferedReader(
                                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line = output.readLine(); line != null; line = output.readLine()) {
                            copy.append(line).append('\n').flush();
                            lines.add(line);
                        }
                    } catch (IOException e) {
                        lines.add(""); // it was ended while it said something
                    } finally {
                        lines.add(END);
                    }
                },
                "output-of-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * The next line of its standard output.
     *
     * @throws BenchmarkException {@code CHILD_FAILED} if it ends first, or takes longer
     */
    public String nextLine(Duration max) throws InterruptedException {
        String line = lines.poll(max.toNanos(), TimeUnit.NANOSECONDS);
        if (line == null) {
            throw failed("said nothing for " + max.toSeconds() + " s");
        }
        if (isEnd(line)) {
            lines.add(END);
            throw failed("ended");
        }
        return line;
    }

    @SuppressWarnings({"StringEquality", "ReferenceEquality"}) // a line may say the same
    private static boolean isEnd(String line) {
        return line == END;
    }

    /** Waits until it has ended by itself with status 0. */
    public void awaitEnd(Duration max) throws InterruptedException {
        if (!process.waitFor(max.toNanos(), TimeUnit.NANOSECONDS)) {
            throw failed("did not end within " + max.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw failed("failed with status " + process.exitValue());
        }
    }

    /** What it said that nobody waited for; after its end. */
    public List<String> remainingLines() throws InterruptedException {
        List<String> rest = new ArrayList<>();
        for (String line = lines.take(); !isEnd(line); line = lines.take()) {
            rest.add(line);
        }
        lines.add(END);
        return rest;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** For the conditions of what was measured. */
    public String commandLine() {
        return String.join(" ", command);
    }

    private BenchmarkException failed(String what) {
        return new BenchmarkException(
                BenchmarkException.Code.CHILD_FAILED, name + " " + what + ": " + lastErrors(), null);
    }

    private String lastErrors() {
        try (Stream<String> all = Files.lines(errors)) {
            List<String> kept = all.filter(line -> !line.isBlank()).toList();
            return kept.isEmpty()
                    ? "it wrote nothing to standard error"
                    : String.join("; ", kept.subList(Math.max(0, kept.size() - LOG_LINES_SHOWN), kept.size()));
        } catch (IOException e) {
            return "its standard error cannot be read";
        }
    }

    /** Ends it, kindly first. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_MAX.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(lastResort);
        } catch (IllegalStateException e) {
            return; // this JVM is ending; the hook has run or will
        }
    }
}
