package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Channel;
import io.penstock.it.TestData;
import io.penstock.it.faults.Readers.Rows;
import io.penstock.publisher.PublicationObserver;
import io.penstock.publisher.PublicationReport;
import io.penstock.publisher.Publisher;
import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.Step;
import io.penstock.store.Stores;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.FaultyStore;
import io.penstock.store.testkit.Operation;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reply to a commit is lost, the catalog is gone, and a server cannot see it any more. */
class CatalogFaultsIT {
    private static final TestData DATA = new TestData("catalogs", 3_000, 50, 60);
    private static final int HOT_ROWS = 50;
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(4);

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
    void aCommitWhoseReplyIsLostIsFoundByReading() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (FaultyStore store = FaultyStore.wrap(Stores.open(proxied("timeout=500ms"), true));
                Publisher publisher = Publisher.builder(store)
                        .options(PublishedData.HASTY)
                        .observer(loseTheReplyToTheCommit(store))
                        .build()) {
            Future<PublicationReport> publishing = other.submit(() -> published.publish(publisher, 2));
            Await.until("committed", () -> revisionInTheStore() == 2);
            assertThat(publishing.isDone()).as("the publisher knows").isFalse();
            proxy.heal();
            PublicationReport report = publishing.get(30, TimeUnit.SECONDS);
            assertThat(report.committed()).isTrue();
            assertThat(report.revision()).isEqualTo(2);
        } finally {
            other.shutdownNow();
        }
        assertThat(published.audit().dataset(DATA.dataset()).getMovesCount()).isEqualTo(2);
        published.collect(2);
        published.audit().assertCurrentIs(DATA, 2);
        published.audit().assertNoBlobIsLeftOver();
    }

    @Test
    void aCommitThatNobodyKnowsTheOutcomeOfIsNeverSwept() {
        try (FaultyStore store = FaultyStore.wrap(Stores.open(proxied("timeout=500ms"), true));
                Publisher publisher = Publisher.builder(store)
                        .options(PublishedData.HASTY.withCatalogTimeout(Duration.ofSeconds(2)))
                        .observer(loseTheReplyToTheCommit(store))
                        .build()) {
            PublisherException unknown =
                    catchThrowableOfType(PublisherException.class, () -> published.publish(publisher, 2));
            assertThat(unknown).isNotNull();
            assertThat(unknown.code()).isEqualTo("COMMIT_UNKNOWN");
            assertThat(unknown.category()).isEqualTo(Category.UNAVAILABLE); // exit code 5: run it again
        }
        assertThat(revisionInTheStore()).isEqualTo(2);
        published.collect(2);
        published.audit().assertCurrentIs(DATA, 2);
        published.moved(2, 2);
        published.publish(3);
        published.collect(2);
        published.audit().assertCurrentIs(DATA, 3);
        published.audit().assertNoBlobIsLeftOver();
    }

    @Test
    void aCatalogThatIsGoneIsNotAnEmptyOne() throws Exception {
        try (Served served = Served.start(redis.url());
                Readers hot = hot(served)) {
            hot.during(Duration.ofMillis(300)).assertOnly(Tally.FOUND);
            redis.restart(); // it kept nothing
            try (Served another = Served.startUnready(redis.url())) {
                Await.until(
                        "the old server knows", () -> served.page("/datasets").contains("has no catalog"));
                Await.until(
                        "the new server knows",
                        () -> Statuses.NOT_INITIALISED.equals(
                                Await.stage(Call.end(another.newChannel(), published.request(1), "1S"))));
                Tally cached = hot.during(Duration.ofMillis(500)).assertOnly(Tally.FOUND);
                assertThat(cached.found()).isPositive();
                assertThat(Survey.of(published, served.newChannel()).values())
                        .containsOnly(Tally.FOUND, Statuses.NOT_INITIALISED);
                assertThat(Survey.of(published, another.newChannel()).values()).containsOnly(Statuses.NOT_INITIALISED);
                assertThat(another.page("/readyz")).contains("not ready");

                // Somebody is there who knows of data: whoever publishes now would make the loss final.
                PublisherException refused = catchThrowableOfType(PublisherException.class, () -> published.publish(2));
                assertThat(refused).isNotNull();
                assertThat(refused.code()).isEqualTo("CATALOG_LOST");
            }
            String keys = String.valueOf(redis.command("KEYS", "*"));
            assertThat(keys.lines()).as("what readers made").allMatch(key -> key.contains("}:presence"));
        }
    }

    @Test
    void aServerThatCannotSeeTheCatalogServesCachedRowsForAsLongAsAllowed() throws Exception {
        Duration allowed = Duration.ofSeconds(4);
        try (Served served =
                        Served.start(proxied("timeout=500ms"), "catalog.max_unconfirmed=" + allowed.toSeconds() + "s");
                Readers hot = hot(served)) {
            hot.during(Duration.ofMillis(300)).assertOnly(Tally.FOUND);

            proxy.cut();
            long cutNanos = System.nanoTime();
            hot.during(allowed.minusSeconds(1)).assertOnly(Tally.FOUND);
            Await.until("refused", () -> hot.tally().failed() > 0);
            Duration reached = Duration.ofNanos(hot.take().lastFailureNanos() - cutNanos);
            assertThat(reached).as("served after the cut").isBetween(allowed.minusSeconds(1), allowed.plusSeconds(2));
            hot.during(Duration.ofMillis(200));
            hot.during(Duration.ofMillis(300)).assertOnly(Statuses.CATALOG_UNCONFIRMED);
            assertThat(served.page("/readyz")).contains("not ready");

            proxy.heal();
            Duration until = hot.awaitFullService(System.nanoTime());
            Measured.atMost("catalog seen again: full service", until, Duration.ofSeconds(2), Duration.ofSeconds(6));
        }
    }

    /** Readers of rows that are cached. */
    private Readers hot(Served served) {
        Channel channel = served.newChannel();
        Survey.warm(published, channel, HOT_ROWS);
        return Readers.start(published, Rows.among(0, HOT_ROWS), 8, DEADLINE, PAUSE, channel);
    }

    private long revisionInTheStore() {
        return published.audit().dataset(DATA.dataset()).getRevision();
    }

    private String proxied(String options) {
        return "redis://127.0.0.1:" + proxy.port() + "?" + options;
    }

    /** The compare-and-set of the commit reaches Redis, and no reply comes back any more. */
    private PublicationObserver loseTheReplyToTheCommit(FaultyStore store) {
        return (reached, detail) -> {
            if (reached == Step.COMMITTING) {
                store.faults().before(Operation.CATALOG_CAS, proxy::dropReplies);
            }
        };
    }
}
