package io.penstock.benchmarks.memory;

import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.measure.Figures;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.RedisRows;
import io.penstock.benchmarks.process.RedisUnderTest;
import java.util.List;
import java.util.function.LongFunction;

/**
 * How much of Redis's memory does a row take when it is published, compared with one key a row that holds the same bytes
 * under a key that says as much, {@code penstock:default:row:items.v1:17}?
 *
 * <p>{@code used_memory} of {@code INFO memory} over that of the empty server, divided by the rows; everything a version
 * needs is in it: buckets, chunks, digests, manifest, catalog. What it is depends on where the number of rows lies between two
 * powers of two, for Redis's table of keys as for Penstock's buckets: each of three rounds has a third of a power more.
 */
public final class RedisMemoryBenchmark implements Measurement {
    private static final int LARGE_BYTES = 200;
    private static final int SMALL_BYTES = 50;

    private static final long ROWS_MIN = 150_000;
    private static final int STEPS_A_POWER = 3;

    private static final Target LARGE = target(0.72, LARGE_BYTES);
    private static final Target SMALL = target(0.45, SMALL_BYTES);

    private static Target target(double limit, int valueBytes) {
        return Target.atMost(
                limit,
                "memory-" + valueBytes,
                "Redis memory of a " + valueBytes + "-byte row",
                "one key a row, same bytes",
                "bytes a row");
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Target> targets() {
        return List.of(LARGE, SMALL);
    }

    @Override
    public void run(Session session) throws InterruptedException {
        RedisUnderTest redis = session.rig().redis();
        for (int round = 0; round < Math.min(STEPS_A_POWER, session.effort().rounds()); round++) {
            long rows = Math.round(ROWS_MIN * Math.pow(2, (double) round / STEPS_A_POWER));
            measure(session, redis, LARGE, SyntheticData.of(session.effort().rows(rows), LARGE_BYTES));
            measure(session, redis, SMALL, SyntheticData.of(session.effort().rows(rows), SMALL_BYTES));
        }
    }

    private static void measure(Session session, RedisUnderTest redis, Target target, SyntheticData data)
            throws InterruptedException {
        double plain = plain(redis, data, id -> RedisRows.fullKey(data, id));
        double shortest = plain(redis, data, id -> RedisRows.key(data, id));
        redis.empty();
        long empty = redis.usedMemory();
        session.rig().publishFirst(redis.url(), data);
        double published = (double) (redis.usedMemory() - empty) / data.rows();
        session.progress(data.describe() + ": under " + RedisRows.key(data, data.rows() - 1) + " "
                + Figures.of(shortest) + " bytes a row");
        session.rig()
                .note(
                        target.name() + ", " + data.rows() + " rows",
                        "under " + RedisRows.fullKey(data, 17) + " " + Figures.of(plain) + ", under "
                                + RedisRows.key(data, 17) + " " + Figures.of(shortest) + ", published "
                                + Figures.of(published) + " bytes a row");
        session.add(target, published, plain);
        redis.empty();
    }

    private static double plain(RedisUnderTest redis, SyntheticData data, LongFunction<String> key)
            throws InterruptedException {
        redis.empty();
        long empty = redis.usedMemory();
        RedisRows.write(redis, data, key);
        return (double) (redis.usedMemory() - empty) / data.rows();
    }
}
