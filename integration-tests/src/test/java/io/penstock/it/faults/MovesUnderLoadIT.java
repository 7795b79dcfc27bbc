package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.it.TestData;
import io.penstock.it.faults.Readers.Rows;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Versions come, go back and are deleted while rows of them are being read. */
class MovesUnderLoadIT {
    private static final TestData DATA = new TestData("moves", 4_000, 5, 60);
    private static final Rows ALL = Rows.among(0, DATA.rows());
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    @SuppressWarnings("NullAway.Init") // set before every test
    private RedisServer redis;

    @SuppressWarnings("NullAway.Init") // set before every test
    private FaultProxy proxy;

    @SuppressWarnings("NullAway.Init") // set before every test
    private PublishedData published;

    @BeforeEach
    void publish() {
        redis = RedisServer.start();
        proxy = FaultProxy.to("127.0.0.1", redis.port());
        published = PublishedData.on(redis.url(), DATA);
        published.publish(1);
    }

    @AfterEach
    void stop() {
        published.close();
        proxy.close();
        redis.close();
    }

    @Test
    void whoReadsAVersionThatAServerHoldsReadsOnThoughItIsRetired() throws Exception {
        try (Served served = Served.start(proxied(), "cache.max_bytes=0");
                Readers readers = Readers.start(published, ALL, 64, DEADLINE, Duration.ZERO, served.newChannel())) {
            proxy.delay(Duration.ofMillis(40), Duration.ofMillis(20));
            for (int state = 2; state <= 6; state++) {
                published.publish(state);
                published.collect(1);
                readers.during(Duration.ofMillis(200)).assertOnly(Tally.FOUND);
            }
            assertThat(served.metric("penstock_second_looks_total"))
                    .as("nothing was deleted that was held")
                    .isZero();
            readers.end().assertOnly(Tally.FOUND);
        }
    }

    /** Presence is what keeps a version; it is taken away here, as if it had been lost or had expired. */
    @Test
    void whoReadsAVersionThatIsDeletedUnderItIsAnsweredFromTheNewOne() throws Exception {
        try (Served served = Served.start(proxied(), "cache.max_bytes=0", "presence.interval=30s", "presence.ttl=1m");
                Readers readers = Readers.start(
                        published, ALL, 64, DEADLINE, Duration.ZERO, served.newChannel(), served.newChannel())) {
            proxy.delay(Duration.ofMillis(40), Duration.ofMillis(20));
            for (int state = 2; state <= 9; state++) {
                published.publishWithoutWaiting(state);
                published.forgetServers();
                published.collect(1);
                served.awaitRevision(DATA, state);
                readers.during(Duration.ofMillis(100)).assertOnly(Tally.FOUND);
            }
            assertThat(served.metric("penstock_second_looks_total")).isGreaterThan(0);
            assertThat(served.metric("penstock_losses_total")).isZero();
            readers.end().assertOnly(Tally.FOUND);
        }
    }

    /** What both versions hold is taken from the store: whoever asks it for that again, instead of the cache, is told. */
    @Test
    void aRollbackUnderLoadGivesTheOldBytesAndKeepsInTheCacheWhatBothVersionsHold() throws Exception {
        List<BlobAddress> old = currentBuckets();
        published.publish(2);
        List<BlobAddress> shared = new ArrayList<>(currentBuckets());
        assertThat(shared.retainAll(old)).as("some buckets changed").isTrue();
        assertThat(shared).as("others did not").hasSizeGreaterThan(10);
        try (Served served = Served.start(redis.url());
                Readers readers =
                        Readers.start(published, ALL, 16, DEADLINE, Duration.ofMillis(1), served.newChannel())) {
            warm(served, readers);
            shared.forEach(bucket -> redis.command("DEL", bucket.keyName()));
            published.rollBack(1);
            served.awaitRevision(DATA, 3);
            assertThat(Survey.of(published, served.newChannel()).values()).containsOnly(Tally.FOUND);
            readers.end().assertOnly(Tally.FOUND);
            assertThat(served.metric("penstock_losses_total")).isZero();
        }
    }

    private List<BlobAddress> currentBuckets() {
        long generation = published.audit().dataset(DATA.dataset()).getCurrent();
        return published.audit().buckets(published.id(), generation);
    }

    /** Reads until every row is cached. */
    private static void warm(Served served, Readers readers) throws InterruptedException {
        double before;
        do {
            Survey.of(readers.published(), served.newChannel());
            before = served.metric("penstock_cache_misses_total");
            readers.during(Duration.ofMillis(300)).assertOnly(Tally.FOUND);
        } while (served.metric("penstock_cache_misses_total") != before);
    }

    private String proxied() {
        return "redis://127.0.0.1:" + proxy.port();
    }
}
