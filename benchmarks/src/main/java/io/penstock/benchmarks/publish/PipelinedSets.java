package io.penstock.benchmarks.publish;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.process.Programs;
import io.penstock.benchmarks.process.RedisUnderTest;
import io.penstock.benchmarks.process.Rig;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The fastest way into Redis: a file of SETs, sent without waiting for answers. */
interface PipelinedSets {
    /** Sends all of them; how long it took until the last was answered. */
    double seconds() throws InterruptedException;

    /** For the conditions. */
    String describe();

    /** {@code redis-cli --pipe} if it is on the path, else a socket of our own. */
    static PipelinedSets choose(Rig rig, RedisUnderTest redis, Path commands, long rows) {
        Optional<Path> program = Programs.find("redis-cli");
        return program.isPresent()
                ? new RedisCli(rig, program.get(), redis, commands)
                : new PlainSocket(redis, commands, rows);
    }

    /** Redis's own tool. */
    record RedisCli(Rig rig, Path program, RedisUnderTest redis, Path commands) implements PipelinedSets {
        private static final Duration MAX = Duration.ofMinutes(10);

        @Override
        public double seconds() throws InterruptedException {
            List<String> command = List.of(
                    "sh",
                    "-c",
                    "exec \"$0\" -h \"$1\" -p \"$2\" --pipe < \"$3\"",
                    program.toString(),
                    redis.host(),
                    String.valueOf(redis.port()),
                    commands.toString());
            long start = System.nanoTime();
            try (var child = rig.run("redis-cli", command)) {
                child.awaitEnd(MAX);
                return (System.nanoTime() - start) / 1e9;
            }
        }

        @Override
        public String describe() {
            return "redis-cli --pipe, from a file";
        }
    }

    /** One thread sends the file, another counts the answers. */
    record PlainSocket(RedisUnderTest redis, Path commands, long rows) implements PipelinedSets {
        private static final int BUFFER_BYTES = 1 << 16;

        @Override
        public double seconds() throws InterruptedException {
            long start = System.nanoTime();
            try (Socket socket = new Socket(redis.host(), redis.port())) {
                AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
                Thread sender = new Thread(
                        () -> {
                            try {
                                OutputStream output = socket.getOutputStream();
                                Files.copy(commands, output);
                                output.flush();
                            } catch (IOException e) {
                                failure.set(e);
                            }
                        },
                        "sets");
                start = System.nanoTime();
                sender.start();
                awaitAnswers(socket.getInputStream(), rows);
                sender.join();
                IOException failed = failure.get();
                if (failed != null) {
                    throw failed;
                }
            } catch (IOException e) {
                throw new BenchmarkException(
                        BenchmarkException.Code.UNREACHABLE, "Redis did not take the SETs to compare with", e);
            }
            return (System.nanoTime() - start) / 1e9;
        }

        /** Redis is empty before, so what it holds afterwards is checked by the caller; here only ends of lines count. */
        private static void awaitAnswers(InputStream answers, long expected) throws IOException {
            byte[] buffer = new byte[BUFFER_BYTES];
            long seen = 0;
            while (seen < expected) {
                int read = answers.read(buffer);
                if (read < 0) {
                    throw new IOException("the connection ended after " + seen + " answers");
                }
                for (int i = 0; i < read; i++) {
                    seen += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }

        @Override
        public String describe() {
            return "pipelined SETs over a socket of our own (redis-cli is not on the path)";
        }
    }
}
