package io.penstock.benchmarks.publish;

import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.data.Published;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.PublisherProcess;
import io.penstock.benchmarks.process.RedisRows;
import io.penstock.benchmarks.process.RedisUnderTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How many rows a second does a full publication move into Redis, sorted, written, verified and committed, compared with
 * {@code redis-cli --pipe} setting the same bytes, one key a row?
 *
 * <p>Rows of 256 random bytes, made up while they are read. The publisher is a fresh process each round; its time is that of
 * the call, from plan to collection, and not the JVM's start. Redis is emptied before each.
 */
public final class FullPublishBenchmark implements Measurement {
    private static final Target ROWS = Target.atLeast(
            0.5,
            "publish-full",
            "rows/s of a full publication, 256-byte rows, Redis, verified",
            "pipelined SET of the same bytes, one row a key",
            "rows/s");

    private static final int VALUE_BYTES = 256;
    private static final long DEFAULT_ROWS = 1_000_000;

    @Override
    public String name() {
        return "publish-full";
    }

    @Override
    public List<Target> targets() {
        return List.of(ROWS);
    }

    @Override
    public void run(Session session) throws InterruptedException {
        SyntheticData data = SyntheticData.of(session.effort().rows(DEFAULT_ROWS), VALUE_BYTES);
        session.rig().note("data", data.describe());
        RedisUnderTest redis = session.rig().redis();
        Path commands = session.rig().file("sets");
        try {
            RedisRows.writeCommands(commands, data);
        } catch (IOException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "the SETs to compare with cannot be written", e);
        }
        PipelinedSets sets = PipelinedSets.choose(session.rig(), redis, commands, data.rows());
        session.rig().note("baseline", sets.describe());
        for (int round = 0; round < session.effort().rounds(); round++) {
            redis.empty();
            double baseline = data.rows() / sets.seconds();
            requireAll(redis, data.rows());
            redis.empty();
            double measured;
            try (PublisherProcess publisher = session.rig().publisher(redis.url(), data)) {
                Published published = publisher.next();
                session.progress("steps (ms): " + published.millisByStep());
                measured = data.rows() / published.seconds();
            }
            session.add(ROWS, measured, baseline);
        }
    }

    private static void requireAll(RedisUnderTest redis, long rows) {
        long keys = redis.connection().sync().dbsize();
        if (keys != rows) {
            throw new BenchmarkException(
                    BenchmarkException.Code.CHILD_FAILED,
                    "the baseline set " + keys + " keys (expected: " + rows + ")",
                    null);
        }
    }
}
