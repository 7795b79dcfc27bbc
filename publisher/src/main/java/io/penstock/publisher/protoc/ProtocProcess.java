package io.penstock.publisher.protoc;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code protoc} once, for a bounded time, and keeps a bounded part of what it says. */
final class ProtocProcess {
    private static final int OUTPUT_BYTES_MAX = 16 << 10;

    private ProtocProcess() {}

    static Result run(Path executable, List<String> arguments, Path work, Duration timeout) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(executable.toString());
        command.addAll(arguments);
        Path log = work.resolve("protoc.log");
        // A file, not a pipe: nobody has to empty it while we wait.
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new PublisherException(
                        Category.USAGE,
                        "PROTOC",
                        executable + " did not end within " + timeout.toSeconds() + " s (is it protoc?)");
            }
            return new Result(process.exitValue(), read(log));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PublisherException(Category.UNAVAILABLE, "INTERRUPTED", "interrupted while protoc ran", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Path log) throws IOException {
        try (InputStream content = Files.newInputStream(log)) {
            return new String(content.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8);
        }
    }

    /** What came of it; errors stand in the output as {@code file:line:column: what}. */
    record Result(int exitCode, String output) {}
}
