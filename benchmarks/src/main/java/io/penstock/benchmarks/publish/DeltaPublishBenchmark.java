package io.penstock.benchmarks.publish;

import io.penstock.benchmarks.data.Published;
import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.measure.Measurement;
import io.penstock.benchmarks.measure.Session;
import io.penstock.benchmarks.measure.Target;
import io.penstock.benchmarks.process.PublisherProcess;
import io.penstock.benchmarks.process.RedisUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What does a publication take in which one row of a hundred changed, compared with the full one before it: how long, and
 * how many bytes for the buckets that changed?
 *
 * <p>Rows of 200 random bytes; the changed ones lie anywhere. Measured is an upsert, whose source has the changed rows; noted
 * beside it is what a snapshot takes, whose source has all rows and which finds out which changed. Each in a fresh process.
 * Bytes written are those of all blobs put, names included: buckets, chunks, digests, intents, manifest.
 */
public final class DeltaPublishBenchmark implements Measurement {
    private static final Target TIME = Target.atMost(
            0.35, "publish-delta-time", "time of an upsert of 1 % of 200-byte rows", "full publication", "s");
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
            Published delta = publish(session, redis, data, 2, "--upsert");
            Published snapshot = publish(session, redis, data, 3);
            session.rig()
                    .note(
                            "snapshot, round " + (round + 1),
                            String.format(
                                    Locale.ROOT,
                                    "1 %% changed: %.2f of the full publication's time, %d bytes written for %d of changed buckets",
                                    snapshot.seconds() / full.seconds(),
                                    snapshot.blobBytesWritten(),
                                    snapshot.bytesWritten()));
            session.progress(delta.rowsUpdated() + " rows changed, " + delta.bucketsWritten() + " of " + delta.buckets()
                    + " buckets; full " + full.millisByStep() + " ms, upsert " + delta.millisByStep() + " ms, snapshot "
                    + snapshot.millisByStep() + " ms");
            session.add(TIME, delta.seconds(), full.seconds());
            session.add(BYTES, (double) delta.blobBytesWritten(), (double) delta.bytesWritten());
        }
    }

    private static Published publish(
            Session session, RedisUnderTest redis, SyntheticData data, int version, String... more)
            throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--version", String.valueOf(version)));
        arguments.addAll(List.of(more));
        try (PublisherProcess publisher =
                session.rig().publisher(redis.url(), data, arguments.toArray(String[]::new))) {
            return publisher.next();
        }
    }
}
