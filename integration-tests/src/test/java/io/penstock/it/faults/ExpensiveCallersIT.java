package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.grpc.ManagedChannel;
import io.netty.util.ResourceLeakDetector;
import io.penstock.it.TestData;
import io.penstock.it.faults.Readers.Rows;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Callers that come too late, give up, come all at once, or read everything. */
class ExpensiveCallersIT {
    private static final TestData DATA = new TestData("callers", 20_000, 50, 60);
    private static final int EVENT_LOOPS = 2;
    private static final int CACHE_BYTES = 1 << 20;
    private static final int AT_A_TIME = 50;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static RedisServer redis;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static FaultProxy proxy;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static PublishedData published;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static Served served;

    @BeforeAll
    static void serve() {
        redis = RedisServer.start();
        proxy = FaultProxy.to("127.0.0.1", redis.port());
        published = PublishedData.on(redis.url(), DATA);
        published.publish(1);
        served = Served.start(
                "redis://127.0.0.1:" + proxy.port(),
                "event_loops=" + EVENT_LOOPS,
                "cache.max_bytes=" + CACHE_BYTES,
                "connections.resets=1000000",
                "limits.read_time=30s");
    }

    @BeforeEach
    void heal() {
        proxy.heal();
    }

    @AfterAll
    static void stop() {
        served.close();
        published.close();
        proxy.close();
        redis.close();
    }

    @Test
    void aCallWhoseDeadlineIsPastCostsTheStoreNothing() {
        ManagedChannel channel = served.newChannel();
        Await.stage(Call.end(channel, published.request(1), "10S"));
        long reads = reads();
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(Call.end(channel, published.request(2_000 + i), "1n"));
        }
        for (CompletableFuture<String> call : calls) {
            assertThat(Await.stage(call)).isEqualTo(Statuses.DEADLINE_EXCEEDED);
        }
        assertThat(reads()).isEqualTo(reads);
        assertThat(Await.stage(Call.end(channel, published.request(2_000), "10S")))
                .isEqualTo(Tally.FOUND);
        assertThat(reads()).isEqualTo(reads + 1);
    }

    @Test
    void thousandsOfCallsForOneColdRowAreOneReadForEachEventLoop() {
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            channels.add(served.newChannel());
            Await.stage(Call.end(channels.get(i), published.request(1), "10S"));
        }
        long reads = reads();
        proxy.delay(Duration.ofMillis(300), Duration.ZERO); // until the last of them has come
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            calls.add(Call.end(channels.get(i % channels.size()), published.request(19_999), "30S"));
        }
        for (CompletableFuture<String> call : calls) {
            assertThat(Await.stage(call)).isEqualTo(Tally.FOUND);
        }
        assertThat(reads() - reads).isBetween(1L, (long) EVENT_LOOPS);
    }

    @Test
    void aStormOfCancellationsLeavesNothingBehind() throws Exception {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
        Logger logger = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);
        ListAppender<ILoggingEvent> leaks = new ListAppender<>();
        leaks.start();
        logger.addAppender(leaks);
        try {
            proxy.delay(Duration.ofMillis(5), Duration.ofMillis(4));
            Tally storm = storm(20_000);
            assertThat(storm.count("CANCELLED")).as(storm.toString()).isGreaterThan(5_000);
            Await.until("no call waits", () -> served.metric("penstock_lookups_in_flight") == 0);
            proxy.heal();
            try (Readers readers = Readers.start(
                    published,
                    Rows.among(0, DATA.rows()),
                    16,
                    Duration.ofSeconds(5),
                    Duration.ZERO,
                    served.newChannel())) {
                for (int i = 0; i < 3; i++) {
                    System.gc(); // what was leaked is found when the next buffers are taken
                    readers.during(Duration.ofMillis(300)).assertOnly(Tally.FOUND);
                }
            }
            assertThat(leaks.list).isEmpty();
        } finally {
            logger.detachAppender(leaks);
        }
    }

    /** Starts calls and cancels most of them before, while and after they are answered. */
    private static Tally storm(int count) throws InterruptedException {
        Tally tally = new Tally();
        SplittableRandom random = new SplittableRandom(1);
        ManagedChannel[] channels = {served.newChannel(), served.newChannel(), served.newChannel()};
        AtomicInteger open = new AtomicInteger();
        List<Call> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            open.incrementAndGet();
            long startNanos = System.nanoTime();
            int row = random.nextInt(DATA.rows());
            started.add(Call.start(channels[i % channels.length], published.request(row), "30S", (how, response) -> {
                tally.ended(
                        how,
                        startNanos,
                        System.nanoTime(),
                        startNanos + Duration.ofSeconds(30).toNanos());
                open.decrementAndGet();
            }));
            if (started.size() == 200) {
                Thread.onSpinWait();
                started.forEach(call -> {
                    if (random.nextInt(10) > 0) {
                        call.cancel();
                    }
                });
                started.clear();
            }
        }
        Await.until("every call ends", () -> open.get() == 0);
        return tally;
    }

    @Test
    void aScanOfEverythingHardlyHurtsTheHitRatioOfOthers() {
        ManagedChannel channel = served.newChannel();
        Zipf zipf = new Zipf(DATA.rows(), 0.99, new SplittableRandom(7));
        for (int i = 0; i < 20; i++) {
            hitRatio(channel, zipf); // until the cache has learnt
        }
        double before = 0;
        double during = 0;
        int rounds = 10;
        AtomicInteger scanned = new AtomicInteger();
        for (int i = 0; i < rounds; i++) {
            before += hitRatio(channel, zipf) / rounds;
        }
        for (int i = 0; i < rounds; i++) {
            for (int j = 0; j < DATA.rows() / rounds / AT_A_TIME; j++) {
                askAtOnce(channel, scanned::getAndIncrement);
            }
            during += hitRatio(channel, zipf) / rounds;
        }
        System.out.printf("measured: full scan: hit ratio of Zipf traffic %.3f, before %.3f%n", during, before);
        assertThat(scanned).hasValue(DATA.rows());
        assertThat(before).isGreaterThan(0.5);
        assertThat(during).isGreaterThanOrEqualTo(0.9 * before);
    }

    /** Asks for a thousand rows and returns the share of them that was cached. */
    private static double hitRatio(ManagedChannel channel, Zipf zipf) {
        double hits = served.metric("penstock_cache_hits_total");
        double misses = served.metric("penstock_cache_misses_total");
        for (int i = 0; i < 1_000 / AT_A_TIME; i++) {
            askAtOnce(channel, zipf::next);
        }
        double newHits = served.metric("penstock_cache_hits_total") - hits;
        double newMisses = served.metric("penstock_cache_misses_total") - misses;
        return newHits / (newHits + newMisses);
    }

    private static void askAtOnce(ManagedChannel channel, IntSupplier rows) {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < AT_A_TIME; i++) {
            calls.add(Call.end(channel, published.request(rows.getAsInt()), "30S"));
        }
        calls.forEach(call -> assertThat(Await.stage(call)).isEqualTo(Tally.FOUND));
    }

    /** How often commands that read blobs have been called. */
    private static long reads() {
        String statistics = String.valueOf(redis.command("INFO", "commandstats"));
        Map<String, Long> calls = new HashMap<>();
        for (String line : statistics.split("\r\n", -1)) {
            if (line.startsWith("cmdstat_")) {
                String command = line.substring("cmdstat_".length(), line.indexOf(':'));
                calls.put(command, Long.parseLong(line.substring(line.indexOf("calls=") + 6, line.indexOf(','))));
            }
        }
        return calls.getOrDefault("get", 0L) + calls.getOrDefault("mget", 0L);
    }
}
