package io.penstock.benchmarks.publish;

import io.penstock.benchmarks.data.Published;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.PublisherProcess;
import io.penstock.benchmarks.process.RedisUnderTest;
import java.util.List;

/**
 * What does a publication take in which one row of a hundred changed, compared with the full one before it: how long, and
 * how many bytes for the buckets that changed?
 *
 * <p>Rows of 200 random bytes; the changed ones lie anywhere. Both publications read all rows from the source, each in a
 * fresh process. Bytes written are those of all blobs put, names included: buckets, chunks, digests, intents, manifest.
 */
public final class DeltaPublishBenchmark implements Measurement {
    private static final Target TIME = Target.atMost(
            0.35, "publish-delta-time", "time of a publication, 1 % of 200-byte rows changed", "full publication", "s");
    private static final Target BYTES = Target.atMost(
            1.3,
            "publish-delta-bytes",
            "bytes written by it, names and all blobs included",
            "the buckets that changed",
            "bytes");

    private static final int VALUE_BYTES = 200;
    private static final long DEFAULT_ROWS = 1_000_000;

    @Override
    public String name() {
        return "publish-delta";
    }

    @Override
    public List<Target> targets() {
        return List.of(TIME, BYTES);
    }

    @Override
    public void run(Session session) throws InterruptedException {
        SyntheticData data = SyntheticData.of(session.effort().rows(DEFAULT_ROWS), VALUE_BYTES);
        RedisUnderTest redis = session.rig().redis();
        session.rig().note("data", data.describe() + ", " + data.changedShare() + " of them changed");
        for (int round = 0; round < session.effort().rounds(); round++) {
            redis.empty();
            Published full = publish(session, redis, data, 1);
            Published delta = publish(session, redis, data, 2);
            session.progress(delta.rowsUpdated() + " rows changed, " + delta.bucketsWritten() + " of " + delta.buckets()
                    + " buckets; full " + full.millisByStep() + " ms, delta " + delta.millisByStep() + " ms");
            session.add(TIME, delta.seconds(), full.seconds());
            session.add(BYTES, (double) delta.blobBytesWritten(), (double) delta.bytesWritten());
        }
    }

    private static Published publish(Session session, RedisUnderTest redis, SyntheticData data, int version)
            throws InterruptedException {
        try (PublisherProcess publisher =
                session.rig().publisher(redis.url(), data, "--version", String.valueOf(version))) {
            return publisher.next();
        }
    }
}
