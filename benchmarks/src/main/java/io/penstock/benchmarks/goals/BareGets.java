package io.penstock.benchmarks.goals;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.process.RedisUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;

/** Lettuce reading blobs that are there, one after the other, with nothing around it. */
final class BareGets {
    private static final int KEYS_MAX = 20_000;
    private static final int SCAN_COUNT = 1_000;
    private static final long NANOS_MAX = 60_000_000_000L;

    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final List<byte[]> keys;
    private final SplittableRandom random = new SplittableRandom(1);

    private BareGets(RedisAsyncCommands<byte[], byte[]> commands, List<byte[]> keys) {
        this.commands = commands;
        this.keys = keys;
    }

    /** Of the buckets that a publication has written. */
    static BareGets ofBuckets(RedisUnderTest redis) {
        var sync = redis.connection().sync();
        ScanArgs buckets = ScanArgs.Builder.matches("penstock:*:bucket:*".getBytes(StandardCharsets.UTF_8))
                .limit(SCAN_COUNT);
        List<byte[]> keys = new ArrayList<>();
        KeyScanCursor<byte[]> cursor = sync.scan(buckets);
        while (true) {
            keys.addAll(cursor.getKeys());
            if (cursor.isFinished() || keys.size() >= KEYS_MAX) {
                break;
            }
            cursor = sync.scan(cursor, buckets);
        }
        if (keys.isEmpty()) {
            throw new BenchmarkException(
                    BenchmarkException.Code.INVALID_OPTIONS, "there are no buckets in Redis to compare with", null);
        }
        return new BareGets(redis.connection().async(), keys);
    }

    /** The median, from the call to its callback. */
    double p50Micros(Duration span) throws InterruptedException {
        Histogram nanos = new Histogram(NANOS_MAX, 3);
        CompletableFuture<Void> done = new CompletableFuture<>();
        next(nanos, System.nanoTime() + span.toNanos(), done);
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new BenchmarkException(
                    BenchmarkException.Code.UNREACHABLE, "Redis did not answer a bare GET", e.getCause());
        }
        return nanos.getValueAtPercentile(50) / 1e3;
    }

    /** All but the first call is on Lettuce's event loop. */
    private void next(Histogram nanos, long end, CompletableFuture<Void> done) {
        long sent = System.nanoTime();
        commands.get(keys.get(random.nextInt(keys.size()))).whenComplete((value, failure) -> {
            long now = System.nanoTime();
            nanos.recordValue(now - sent);
            if (failure != null || value == null) {
                done.completeExceptionally(failure != null ? failure : new IllegalStateException("a bucket is gone"));
            } else if (now - end >= 0) {
                done.complete(null);
            } else {
                next(nanos, end, done);
            }
        });
    }
}
