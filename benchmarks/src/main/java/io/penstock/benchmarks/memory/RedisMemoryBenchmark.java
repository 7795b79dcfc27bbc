package io.penstock.benchmarks.memory;

import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.RedisRows;
import io.penstock.benchmarks.process.RedisUnderTest;
import java.util.List;

/**
 * How much of Redis's memory does a row take when it is published, compared with one key a row that holds the same bytes
 * under a short key, {@code items:17}?
 *
 * <p>{@code used_memory} of {@code INFO memory} over that of the empty server, divided by the rows; everything a version
 * needs is in it: buckets, chunks, digests, manifest, catalog. It hardly varies, so there is one round.
 */
public final class RedisMemoryBenchmark implements Measurement {
    private static final int LARGE_BYTES = 200;
    private static final int SMALL_BYTES = 50;

    /** Just below a power of two, where Redis's table of keys is full: best for the baseline. */
    private static final long DEFAULT_ROWS = 260_000;

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
        measure(session, redis, LARGE, LARGE_BYTES);
        measure(session, redis, SMALL, SMALL_BYTES);
    }

    private static void measure(Session session, RedisUnderTest redis, Target target, int valueBytes)
            throws InterruptedException {
        SyntheticData data = SyntheticData.of(session.effort().rows(DEFAULT_ROWS), valueBytes);
        redis.empty();
        long empty = redis.usedMemory();
        RedisRows.write(redis, data, id -> RedisRows.key(data, id));
        double plain = (double) (redis.usedMemory() - empty) / data.rows();
        redis.empty();
        empty = redis.usedMemory();
        session.rig().publishFirst(redis.url(), data);
        double published = (double) (redis.usedMemory() - empty) / data.rows();
        session.add(target, published, plain);
        redis.empty();
    }
}
