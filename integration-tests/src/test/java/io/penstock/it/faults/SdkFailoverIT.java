package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.client.DatasetBinding;
import io.penstock.client.Lookup;
import io.penstock.client.PenstockClient;
import io.penstock.client.PenstockException;
import io.penstock.it.TestData;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client library with its defaults against three servers that die, drain and come back, under a load that it can
 * answer: single reads and batches, each begun when it is due unless its reader still waits for the one before.
 */
class SdkFailoverIT {
    private static final TestData DATA = new TestData("failover", 5_000, 50, 60);

    /** On a calm machine the shortest deadline there is by default, 100 ms; a busy one cannot start a server beside it. */
    private static final Duration P99 =
            Boolean.getBoolean("penstock.strict") ? Duration.ofMillis(5) : Duration.ofSeconds(1);

    /** Answers after which code and connections are warm enough to tell lateness from a cold start. */
    private static final long WARM = 2_000;

    private static final Duration SHORT = Duration.ofMillis(100);
    private static final int READERS = 8;
    private static final Duration INTERVAL = Duration.ofMillis(16);

    /** Of so many reads one is a batch. */
    private static final int READS_PER_BATCH = 10;

    private static final int BATCH_KEYS = 20;
    private static final long DEADLINE_FACTOR = 10;

    private static final DatasetBinding<String, ByteString> ROWS =
            DatasetBinding.bytes(DATA.dataset()).withP99(P99);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before every test
    private Path directory;

    @Test
    void noReadFailsWhileServersAreKilledDrainedAndRestarted() throws Exception {
        try (RedisServer redis = RedisServer.start();
                PublishedData published = PublishedData.on(redis.url(), DATA);
                Servers servers = new Servers()) {
            published.publish(1);
            for (int i = 0; i < 3; i++) {
                servers.all.add(ServerProcess.start(
                        redis.url(),
                        directory.resolve("serve" + i + ".err"),
                        Map.of("PENSTOCK_EVENT_LOOPS", "1", "PENSTOCK_WARMUP_DURATION", "3s")));
            }
            for (ServerProcess server : servers.all) {
                server.awaitServing();
            }
            String target = servers.all.stream().map(ServerProcess::address).collect(Collectors.joining(","));
            try (PenstockClient client = PenstockClient.builder(target).build();
                    Load load = new Load(client, published)) {
                client.awaitReady(Duration.ofSeconds(30));
                load.start();
                load.during(Duration.ofSeconds(2));
                servers.all.get(0).kill();
                load.during(Duration.ofSeconds(1));
                servers.all.get(0).restart();
                load.during(Duration.ofSeconds(1));
                servers.all.get(1).terminate();
                load.during(Duration.ofMillis(500));
                servers.all.get(1).restart();
                load.during(Duration.ofSeconds(1));
                servers.all.get(2).kill();
                servers.all.get(2).restart();
                load.during(Duration.ofSeconds(1));
                Tally tally = load.end();
                System.out.println("failover: " + tally + ", longest "
                        + tally.latency(100).toNanos() / 1e6 + " ms, max past the deadline "
                        + tally.overrun(100).toNanos() / 1e6 + " ms");
                tally.assertOnly(Tally.FOUND);
                assertThat(tally.calls()).isGreaterThan(500);
                Measured.atMost(
                        "failover: p99.9 of the overrun past the deadline",
                        tally.overrun(99.9),
                        Duration.ofMillis(5),
                        Duration.ofSeconds(2));
            }
        }
    }

    @Test
    void aReadThatNobodyAnswersEndsAtItsDeadline() throws Exception {
        try (RedisServer redis = RedisServer.start();
                PublishedData published = PublishedData.on(redis.url(), DATA)) {
            published.publish(1);
            try (Served served = Served.start(redis.url());
                    FaultProxy proxy =
                            FaultProxy.to("127.0.0.1", served.server().port());
                    PenstockClient client =
                            PenstockClient.builder("127.0.0.1:" + proxy.port()).build();
                    Load load = new Load(client.withDeadline(SHORT), published)) {
                load.deadline = SHORT;
                client.awaitReady(Duration.ofSeconds(30));
                load.startAsync();
                Tally before = load.untilFound(WARM);
                proxy.blackHole();
                load.during(Duration.ofSeconds(4));
                Tally tally = load.end();
                System.out.println("silence: " + tally + ", max past the deadline "
                        + tally.overrun(100).toNanos() / 1e6 + " ms");
                before.assertOnly(Tally.FOUND, "DEADLINE_EXCEEDED");
                tally.assertOnly(Tally.FOUND, "DEADLINE_EXCEEDED");
                assertThat(tally.count("DEADLINE_EXCEEDED")).isGreaterThan(500);
                Measured.atMost(
                        "silence: p99.9 of the overrun past the deadline",
                        tally.overrun(99.9),
                        Duration.ofMillis(5),
                        Duration.ofSeconds(2));
            }
        }
    }

    private static final class Servers implements AutoCloseable {
        final List<ServerProcess> all = new ArrayList<>();

        @Override
        public void close() {
            all.forEach(ServerProcess::close);
        }
    }

    /** Blocking reads of random rows, each begun when it is due. */
    private static final class Load implements AutoCloseable {
        private final PenstockClient client;
        private final PublishedData published;
        private volatile Tally tally = new Tally();
        private final ScheduledExecutorService readers = Executors.newScheduledThreadPool(READERS + 1);
        private Duration deadline = P99.multipliedBy(DEADLINE_FACTOR).compareTo(Duration.ofMillis(100)) > 0
                ? P99.multipliedBy(DEADLINE_FACTOR)
                : Duration.ofMillis(100);

        Load(PenstockClient client, PublishedData published) {
            this.client = client;
            this.published = published;
        }

        void start() {
            long step = INTERVAL.toNanos() / READERS;
            for (int i = 0; i < READERS; i++) {
                var unused =
                        readers.scheduleAtFixedRate(this::read, i * step, INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
            }
        }

        /** The same load by one thread that waits for no answer. */
        void startAsync() {
            var unused =
                    readers.scheduleAtFixedRate(this::readAsync, 0, INTERVAL.toNanos() / READERS, TimeUnit.NANOSECONDS);
        }

        private void read() {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            int[] rows = random.ints(random.nextInt(READS_PER_BATCH) == 0 ? BATCH_KEYS : 1, 0, DATA.rows())
                    .toArray();
            long startNanos = System.nanoTime();
            try {
                if (rows.length == 1) {
                    found(rows[0], startNanos, client.get(ROWS, DATA.key(rows[0])));
                } else {
                    readBatch(rows, startNanos);
                }
            } catch (PenstockException e) {
                ended(e.code() + "/" + e.reason(), startNanos);
            } catch (RuntimeException | Error e) {
                ended(e.toString(), startNanos); // which would end the reader without a word
            }
        }

        private void readBatch(int[] rows, long startNanos) {
            List<Lookup<ByteString>> lookups = client.batchGet(
                            ROWS, Arrays.stream(rows).mapToObj(DATA::key).toList())
                    .lookups();
            ended(Tally.FOUND, startNanos);
            for (int i = 0; i < rows.length; i++) {
                check(rows[i], lookups.get(i));
            }
        }

        private void readAsync() {
            int row = ThreadLocalRandom.current().nextInt(DATA.rows());
            long startNanos = System.nanoTime();
            var unused = client.getAsync(ROWS, DATA.key(row)).whenComplete((lookup, error) -> {
                if (error instanceof PenstockException e) {
                    ended(e.code() + "/" + e.reason(), startNanos);
                } else if (error != null) {
                    ended(error.toString(), startNanos);
                } else {
                    found(row, startNanos, lookup);
                }
            });
        }

        private void found(int row, long startNanos, Lookup<ByteString> lookup) {
            ended(Tally.FOUND, startNanos);
            check(row, lookup);
        }

        private void check(int row, Lookup<ByteString> lookup) {
            byte[] expected = published.value(row, lookup.revision());
            if (!Arrays.equals(lookup.value().map(ByteString::toByteArray).orElse(new byte[0]), expected)) {
                tally.wrong("row " + row + " is " + lookup);
            }
        }

        private void ended(String how, long startNanos) {
            tally.ended(how, startNanos, System.nanoTime(), startNanos + deadline.toNanos());
        }

        void during(Duration time) throws InterruptedException {
            CountDownLatch passed = new CountDownLatch(1);
            var unused = readers.schedule(passed::countDown, time.toNanos(), TimeUnit.NANOSECONDS);
            passed.await();
        }

        /** Waits until as many reads were answered and begins to count anew. */
        Tally untilFound(long answers) throws InterruptedException {
            for (int left = 300; tally.found() < answers; left--) {
                assertThat(left)
                        .as("100 ms each until %d reads were answered", answers)
                        .isPositive();
                during(Duration.ofMillis(100));
            }
            Tally before = tally;
            tally = new Tally();
            return before;
        }

        Tally end() throws InterruptedException {
            readers.shutdown();
            assertThat(readers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            return tally;
        }

        @Override
        public void close() {
            readers.shutdownNow();
        }
    }
}
