package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.penstock.it.TestData;
import io.penstock.it.faults.Readers.Rows;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Between server and store the network is slow, silent, breaks off, or gives bytes one by one. */
class BadNetworkIT {
    private static final TestData DATA = new TestData("network", 20_000, 50, 60);
    private static final int HOT_ROWS = 200;
    private static final Rows HOT = Rows.among(0, HOT_ROWS);
    private static final Rows COLD = Rows.through(HOT_ROWS, DATA.rows());
    private static final Duration DEADLINE = Duration.ofMillis(500);
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final int READERS = 16;

    /** Room for the hot rows and some of the others. */
    private static final String CACHE = "cache.max_bytes=1MiB";

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
        served = Served.start(proxied(), CACHE);
    }

    private static String proxied() {
        return "redis://127.0.0.1:" + proxy.port() + "?timeout=1s";
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
    void cachedRowsAreAsFastAsEverWhileTheStoreIsSlow() throws Exception {
        try (Served own = Served.start(proxied(), CACHE);
                Readers hot = hot(own);
                Readers cold =
                        Readers.start(published, COLD, READERS, DEADLINE, PAUSE, own.newChannel(), own.newChannel())) {
            cold.awaitFullService(System.nanoTime());
            Tally before = hot.during(Duration.ofSeconds(2)).assertOnly(Tally.FOUND);
            cold.take();
            double limitBefore = own.metric("penstock_fetch_limit");

            proxy.delay(Duration.ofMillis(50), Duration.ofMillis(20));
            hot.during(Duration.ofMillis(500));
            cold.take();
            Tally during = hot.during(Duration.ofSeconds(2)).assertOnly(Tally.FOUND);
            Tally slow = cold.take().assertOnly(Tally.FOUND, Statuses.OVERLOADED);
            assertThat(slow.latency(50)).isGreaterThan(Duration.ofMillis(60));
            assertThat(own.metric("penstock_fetch_limit"))
                    .as("limit, and before")
                    .isLessThan(limitBefore);
            Measured.atMost(
                    "slow store: p99 of cached rows against before",
                    (double) during.latency(99).toNanos() / before.latency(99).toNanos(),
                    1.5,
                    10);

            proxy.heal();
            cold.awaitFullService(System.nanoTime());
        }
    }

    @Test
    void aSilentConnectionIsFoundDeadAndReplacedWithinSeconds() throws Exception {
        try (Readers hot = hot(served);
                Readers cold = Readers.start(
                        published, COLD, READERS, DEADLINE, PAUSE, served.newChannel(), served.newChannel())) {
            cold.awaitFullService(System.nanoTime());
            hot.take();
            long accepted = proxy.accepted();
            int open = proxy.connections();

            proxy.blackHole();
            long silentNanos = System.nanoTime();
            Await.until("every connection is replaced", () -> proxy.accepted() >= accepted + open);
            Duration found = Duration.ofNanos(System.nanoTime() - silentNanos);
            Measured.atMost("silent connections: replaced", found, Duration.ofSeconds(3), Duration.ofSeconds(8));
            Tally silent = cold.take()
                    .assertOnly(
                            Tally.FOUND, Statuses.DEADLINE_EXCEEDED, Statuses.STORE_UNREACHABLE, Statuses.OVERLOADED);
            assertThat(silent.failed()).isGreaterThan(0);
            Measured.atMost(
                    "silent connections: calls past their deadline, p99.9",
                    silent.overrun(99.9),
                    Duration.ofMillis(5),
                    Duration.ofSeconds(1));
            hot.take().assertOnly(Tally.FOUND);

            proxy.heal();
            Duration until = cold.awaitFullService(System.nanoTime());
            Measured.atMost("silence over: full service", until, Duration.ofSeconds(2), Duration.ofSeconds(6));
        }
    }

    @Test
    void aConnectionThatBreaksInMidReplyFailsTheCallsThatWereOnItAndNoOthers() throws Exception {
        int resets = 5;
        try (Readers cold =
                Readers.start(published, COLD, READERS, DEADLINE, PAUSE, served.newChannel(), served.newChannel())) {
            cold.awaitFullService(System.nanoTime());
            Tally all = new Tally();
            for (int i = 0; i < resets; i++) {
                long accepted = proxy.accepted();
                cold.take();
                proxy.resetAfter(10_007 + 1_013L * i); // in the middle of some reply
                Await.until("the connection is replaced", () -> proxy.accepted() > accepted);
                Tally hit = cold.take();
                hit.add(cold.during(Duration.ofMillis(300)));
                hit.assertOnly(Tally.FOUND, Statuses.STORE_UNREACHABLE);
                assertThat(hit.failed()).as("calls on the connection: %s", hit).isPositive();
                assertThat(hit.found()).isGreaterThan(hit.failed());
                all.add(hit);
            }
            Measured.atMost(
                    "connection reset: calls failed for each reader and reset, those refused meanwhile included",
                    (double) all.failed() / resets / READERS,
                    2,
                    16);
            cold.awaitFullService(System.nanoTime());
        }
    }

    /** Readers of rows that are cached. */
    private static Readers hot(Served served) {
        Channel channel = served.newChannel();
        Survey.warm(published, channel, HOT_ROWS);
        return Readers.start(published, HOT, READERS, PATIENT, PAUSE, channel);
    }

    @Test
    void repliesThatArriveByteByByteAreReadRight() throws Exception {
        proxy.slice(1);
        try (Readers cold = Readers.start(published, COLD, 4, Duration.ofSeconds(5), PAUSE, served.newChannel())) {
            Tally sliced = cold.during(Duration.ofSeconds(2)).assertOnly(Tally.FOUND);
            assertThat(sliced.found()).isGreaterThan(10);
        }
    }
}
