package io.penstock.benchmarks.goals;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.process.ChildProcess;
import io.penstock.benchmarks.process.Programs;
import io.penstock.benchmarks.process.RedisUnderTest;
import io.penstock.benchmarks.process.Rig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;

/** What Redis gives a client that reads rows by MGET with nothing in between. */
interface MgetBaseline {
    /** The keys of a kind in plain Redis, as {@code redis-benchmark} makes them up. */
    static LongFunction<String> keys(String kind) {
        return id -> String.format(Locale.ROOT, "%s:%012d", kind, id);
    }

    /** Calls answered a second, over about this long. */
    double callsPerSecond(Duration span) throws InterruptedException;

    /** For the conditions. */
    String describe();

    /** {@code redis-benchmark} if it is on the path, else a loop of our own. */
    static MgetBaseline choose(Rig rig, RedisUnderTest redis, String kind, long rows, int batch, int inFlight) {
        Optional<Path> program = Programs.find("redis-benchmark");
        return program.isPresent()
                ? new RedisBenchmark(rig, program.get(), redis, kind, rows, batch, inFlight)
                : new LettuceMget(redis, keys(kind), rows, batch, inFlight);
    }

    /** Redis's own tool, on one thread. */
    final class RedisBenchmark implements MgetBaseline {
        /** About what a second takes; corrected by what the run before it gave. */
        private static final double CALLS_A_SECOND_FIRST = 5_000;

        private final Rig rig;
        private final Path program;
        private final RedisUnderTest redis;
        private final String kind;
        private final long rows;
        private final int batch;
        private final int inFlight;
        private double callsASecond = CALLS_A_SECOND_FIRST;

        RedisBenchmark(Rig rig, Path program, RedisUnderTest redis, String kind, long rows, int batch, int inFlight) {
            this.rig = rig;
            this.program = program;
            this.redis = redis;
            this.kind = kind;
            this.rows = rows;
            this.batch = batch;
            this.inFlight = inFlight;
        }

        @Override
        public double callsPerSecond(Duration span) throws InterruptedException {
            long calls = Math.max(100, (long) (callsASecond * span.toNanos() / 1e9));
            List<String> command = new ArrayList<>(List.of(
                    program.toString(),
                    "-h",
                    redis.host(),
                    "-p",
                    String.valueOf(redis.port()),
                    "-c",
                    String.valueOf(inFlight),
                    "-n",
                    String.valueOf(calls),
                    "-r",
                    String.valueOf(rows),
                    "--csv",
                    "MGET"));
            for (int i = 0; i < batch; i++) {
                command.add(kind + ":__rand_int__");
            }
            try (ChildProcess child = rig.run("redis-benchmark", command)) {
                child.awaitEnd(Duration.ofMinutes(5));
                callsASecond = requestsPerSecond(child.remainingLines());
                return callsASecond;
            }
        }

        /** The second column of the last line. */
        static double requestsPerSecond(List<String> csv) {
            String[] columns = csv.isEmpty()
                    ? new String[0]
                    : csv.get(csv.size() - 1).replaceFirst("^\"[^\"]*\",", "").split(",", -1);
            try {
                return Double.parseDouble(columns[0].replace("\"", ""));
            } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
                throw new BenchmarkException(
                        BenchmarkException.Code.CHILD_FAILED, "redis-benchmark printed no requests per second", e);
            }
        }

        @Override
        public String describe() {
            return "redis-benchmark, MGET of " + batch + " random keys of " + rows + ", " + inFlight + " clients";
        }
    }
}
