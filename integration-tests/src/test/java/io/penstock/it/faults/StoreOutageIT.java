package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.penstock.it.TestData;
import io.penstock.it.faults.Readers.Rows;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store dies, or freezes, under load, and comes back with what it had. */
class StoreOutageIT {
    private static final TestData DATA = new TestData("outage", 20_000, 50, 60);
    private static final int HOT_ROWS = 200;
    private static final Rows HOT = Rows.among(0, HOT_ROWS);
    private static final Rows COLD = Rows.through(HOT_ROWS, DATA.rows());
    private static final Duration DEADLINE = Duration.ofMillis(300);
    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(10);

    /** Of many readers, most of whom are refused at once: a second's calls must not take the machine's cores. */
    private static final Duration PAUSE_IN_A_CROWD = Duration.ofMillis(250);

    private static final int READERS = 16;

    /** Keys that the server reads for itself, catalog and presence, in the second after a restart, and more. */
    private static final long OWN_KEYS_MAX = 500;

    /** Room for the hot rows and some of the others. */
    private static final String CACHE = "cache.max_bytes=1MiB";

    @SuppressWarnings("NullAway.Init") // set before every test
    private static RedisServer redis;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static PublishedData published;

    @BeforeAll
    static void publish() {
        redis = RedisServer.start("appendonly yes");
        published = PublishedData.on(redis.url(), DATA);
        published.publish(1);
    }

    @BeforeEach
    void begin() {
        if (!redis.isRunning()) {
            redis.restart();
        }
    }

    @AfterAll
    static void stop() {
        published.close();
        redis.close();
    }

    @Test
    void whileTheStoreIsDeadCachedRowsAreServedAndAllOfThemSoonAfterItsReturn() throws Exception {
        try (Served served = Served.start(redis.url(), CACHE);
                Readers hot = hot(served);
                Readers cold = Readers.start(
                        published, COLD, READERS, DEADLINE, PAUSE, served.newChannel(), served.newChannel())) {
            cold.awaitFullService(System.nanoTime());
            hot.take().assertOnly(Tally.FOUND);

            redis.kill();
            Tally misses = cold.during(Duration.ofSeconds(2))
                    .assertOnly(Tally.FOUND, Statuses.STORE_UNREACHABLE, Statuses.DEADLINE_EXCEEDED);
            Tally hits = hot.take().assertOnly(Tally.FOUND);
            assertThat(hits.calls()).isGreaterThan(READERS);
            assertThat(misses.count(Statuses.STORE_UNREACHABLE))
                    .as(misses.toString())
                    .isGreaterThan(READERS);
            Measured.atMost(
                    "store killed: misses past their deadline, p99.9",
                    misses.overrun(99.9),
                    Duration.ofMillis(5),
                    Duration.ofSeconds(1));

            redis.restart();
            long backNanos = System.nanoTime();
            Duration until = cold.awaitFullService(backNanos);
            Measured.atMost("store back: full service", until, Duration.ofSeconds(2), Duration.ofSeconds(6));
            hot.end().assertOnly(Tally.FOUND);
        }
    }

    /** Nothing is cached, so that a row that is found is a key that was read: what is read beyond that was asked again. */
    @Test
    void nothingThatWasAskedOfADeadStoreIsAskedOfItAgain() throws Exception {
        try (Served served = Served.start(redis.url(), "cache.max_bytes=0");
                Readers cold =
                        Readers.start(published, COLD, READERS, DEADLINE, Duration.ofMillis(1), served.newChannel())) {
            cold.awaitFullService(System.nanoTime());
            redis.kill();
            Tally dead = new Tally();
            Await.until("enough was asked in vain", () -> {
                dead.add(cold.take().assertNothingWrong());
                return dead.failed() > 4 * OWN_KEYS_MAX;
            });
            redis.restart(); // counts anew
            Tally back = cold.take();
            back.add(cold.during(Duration.ofSeconds(1)));
            long keysRead = keysRead();
            back.add(cold.end().assertNothingWrong());
            back.assertNothingWrong();
            assertThat(back.found()).as(back.toString()).isGreaterThan(0);
            assertThat(keysRead)
                    .as("keys read since the restart, of which some for the server itself")
                    .isLessThan(back.found() + back.count(Statuses.DEADLINE_EXCEEDED) + OWN_KEYS_MAX);
        }
    }

    @Test
    void whileTheStoreIsFrozenNoCallWaitsLongerThanItsDeadlineAndNoneGetsAnothersAnswer() throws Exception {
        int pending = 32;
        try (Served served = Served.start(redis.url(), CACHE, "limits.pending_fetches=" + pending);
                Readers hot = hot(served);
                Readers cold = Readers.start(published, COLD, READERS, DEADLINE, PAUSE, served.newChannel())) {
            cold.awaitFullService(System.nanoTime());
            hot.take().assertOnly(Tally.FOUND);

            redis.stop();
            Readers crowd = Readers.start(
                    published, COLD, 8 * pending, DEADLINE, PAUSE_IN_A_CROWD, served.newChannel(), served.newChannel());
            Tally frozen;
            try {
                frozen = crowd.during(Duration.ofSeconds(5));
            } finally {
                redis.resume();
            }
            crowd.end().assertNothingWrong();
            long backNanos = System.nanoTime();
            frozen.assertOnly(Tally.FOUND, Statuses.DEADLINE_EXCEEDED, Statuses.OVERLOADED, Statuses.STORE_UNREACHABLE);
            hot.take().assertOnly(Tally.FOUND);
            assertThat(frozen.count(Statuses.DEADLINE_EXCEEDED))
                    .as(frozen.toString())
                    .isGreaterThan(0);
            assertThat(frozen.count(Statuses.OVERLOADED)).as(frozen.toString()).isGreaterThan(0);
            assertThat(served.metric("penstock_pending_fetches_max")).isBetween(1.0, (double) pending);
            Measured.atMost(
                    "store frozen: calls past their deadline, p99.9",
                    frozen.overrun(99.9),
                    Duration.ofMillis(5),
                    Duration.ofSeconds(1));
            Measured.atMost(
                    "store frozen: share of calls the server itself ended more than 5 ms past their deadline",
                    served.shareAbove("penstock_deadline_overrun_seconds", "0.005"),
                    0.001,
                    1);

            Duration until = cold.awaitFullService(backNanos);
            Measured.atMost("store thawed: full service", until, Duration.ofSeconds(2), Duration.ofSeconds(6));
            cold.end().assertNothingWrong();
            hot.end().assertOnly(Tally.FOUND);
        }
    }

    /** Readers of rows that are cached. */
    private static Readers hot(Served served) {
        Channel channel = served.newChannel();
        Survey.warm(published, channel, HOT_ROWS);
        return Readers.start(published, HOT, READERS, PATIENT, PAUSE, channel);
    }

    private static long keysRead() {
        return Long.parseLong(redis.info("keyspace_hits")) + Long.parseLong(redis.info("keyspace_misses"));
    }
}
