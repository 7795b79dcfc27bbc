package io.penstock.benchmarks.goals;

import io.lettuce.core.api.async.RedisAsyncCommands;
import io.penstock.benchmarks.BenchmarkException;
import io.penstock.benchmarks.process.RedisUnderTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongFunction;

/** MGETs through Lettuce, always as many under way, each sent from the callback of one before. */
final class LettuceMget implements MgetBaseline {
    private final RedisAsyncCommands<byte[], byte[]> commands;
    private final LongFunction<String> key;
    private final long rows;
    private final int batch;
    private final int inFlight;

    LettuceMget(RedisUnderTest redis, LongFunction<String> key, long rows, int batch, int inFlight) {
        this.commands = redis.connection().async();
        this.key = key;
        this.rows = rows;
        this.batch = batch;
        this.inFlight = inFlight;
    }

    @Override
    public double callsPerSecond(Duration span) throws InterruptedException {
        long start = System.nanoTime();
        Lane[] lanes = new Lane[inFlight];
        for (int i = 0; i < inFlight; i++) {
            lanes[i] = new Lane(i, start + span.toNanos());
            lanes[i].next();
        }
        long calls = 0;
        for (Lane lane : lanes) {
            calls += lane.await();
        }
        return calls * 1e9 / (System.nanoTime() - start);
    }

    @Override
    public String describe() {
        return "MGET of " + batch + " random keys of " + rows + " through Lettuce, " + inFlight
                + " in flight (redis-benchmark is not on the path)";
    }

    /** One of the calls under way and those that follow it. Confined to Lettuce's event loop after the first. */
    private final class Lane {
        private final SplittableRandom random;
        private final long end;
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private long calls;

        Lane(long seed, long end) {
            this.random = new SplittableRandom(seed);
            this.end = end;
        }

        void next() {
            byte[][] keys = new byte[batch][];
            for (int i = 0; i < batch; i++) {
                keys[i] = key.apply(random.nextLong(rows)).getBytes(StandardCharsets.ISO_8859_1);
            }
            commands.mget(keys).whenComplete((values, failure) -> {
                calls++;
                if (failure != null) {
                    done.completeExceptionally(failure);
                } else if (System.nanoTime() - end >= 0) {
                    done.complete(calls);
                } else {
                    next();
                }
            });
        }

        long await() throws InterruptedException {
            try {
                return done.get();
            } catch (ExecutionException e) {
                throw new BenchmarkException(
                        BenchmarkException.Code.UNREACHABLE, "Redis did not answer an MGET", e.getCause());
            }
        }
    }
}
