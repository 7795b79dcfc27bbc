package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.it.TestData;
import io.penstock.it.faults.Readers.Rows;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.Step;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The store has no memory left, or was told to drop what it has. */
class UnfitStoreIT {
    private static final TestData DATA = new TestData("unfit", 20_000, 50, 60);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final int ROOM_BYTES = 200_000;

    @SuppressWarnings("NullAway.Init") // set before every test
    private RedisServer redis;

    @SuppressWarnings("NullAway.Init") // set before every test
    private PublishedData published;

    @SuppressWarnings("NullAway.Init") // set before every test
    private Served served;

    @BeforeEach
    void serveTwoVersions() {
        redis = RedisServer.start();
        published = PublishedData.on(redis.url(), DATA);
        published.publish(1);
        published.publish(2);
        served = Served.start(redis.url(), "store_check_interval=50ms", "cache.max_bytes=0");
    }

    @AfterEach
    void stop() {
        served.close();
        published.close();
        redis.close();
    }

    @Test
    void aPublicationThatFindsTheStoreFullFailsCleanlyAndLeavesNothing() throws Exception {
        AtomicBoolean filled = new AtomicBoolean();
        PublicationObserver fillOnceWritingBegins = (step, detail) -> {
            if (step == Step.INTENT_WRITTEN && filled.compareAndSet(false, true)) {
                limitMemory(Long.parseLong(redis.info("used_memory")) + ROOM_BYTES);
            }
        };
        try (Readers readers = Readers.start(
                published, Rows.through(0, DATA.rows()), 8, DEADLINE, Duration.ofMillis(4), served.newChannel())) {
            PublisherException refused =
                    catchThrowableOfType(PublisherException.class, () -> published.publish(3, fillOnceWritingBegins));
            assertThat(refused).isNotNull();
            assertThat(refused.category()).as(refused.getMessage()).isEqualTo(Category.REFUSED); // exit code 4
            assertThat(refused.code()).isEqualTo("STORE_FULL");
            assertThat(published.audit().dataset(DATA.dataset()).hasSlot())
                    .as("slot")
                    .isFalse();
            readers.during(Duration.ofMillis(500)).assertOnly(Tally.FOUND);

            published.rollBack(1); // the store is as full as before
            served.awaitRevision(DATA, 3);
            readers.end().assertOnly(Tally.FOUND);
        }
        limitMemory(0);
        published.collect(1);
        published.audit().assertCurrentIs(DATA, 1);
        published.audit().assertNoBlobIsLeftOver();
    }

    @Test
    void anEvictingPolicyIsRefusedByPublishersAndReportedByServers() {
        assertThat(served.metric("penstock_store_unsafe")).isZero();
        redis.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        Await.until("the server reports it", () -> served.metric("penstock_store_unsafe") == 1);
        PublisherException refused = catchThrowableOfType(PublisherException.class, () -> published.publish(3));
        assertThat(refused).isNotNull();
        assertThat(refused.category()).isEqualTo(Category.REFUSED);
        assertThat(refused.code()).isEqualTo("STORE_UNSAFE");
        assertThat(refused).hasMessageContaining("allkeys-lru").hasMessageContaining("noeviction");
        assertThat(Survey.of(published, served.newChannel()).values()).containsOnly(Tally.FOUND);

        redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
        Await.until("the server takes it back", () -> served.metric("penstock_store_unsafe") == 0);
        published.publish(3);
        served.awaitRevision(DATA, 3);
    }

    private void limitMemory(long bytes) {
        redis.command("CONFIG", "SET", "maxmemory", Long.toString(bytes));
    }
}
