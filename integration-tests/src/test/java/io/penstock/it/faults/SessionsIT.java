package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.penstock.client.BatchRows;
import io.penstock.client.DatasetReader;
import io.penstock.client.Lookup;
import io.penstock.client.PenstockClient;
import io.penstock.it.TestData;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Sessions that read through two servers, of which one is late to notice every move: versions come and one is taken back.
 */
class SessionsIT {
    private static final TestData DATA = new TestData("sessions", 400, 100, 60);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int SESSIONS = 3;
    private static final int BATCH = 5;

    @Test
    void aSessionNeverGoesBackThoughOneServerLags() throws Exception {
        try (RedisServer redis = RedisServer.start();
                FaultProxy slow = FaultProxy.to("127.0.0.1", redis.port());
                PublishedData published = PublishedData.on(redis.url(), DATA)) {
            published.publish(1);
            try (Served prompt = Served.start(redis.url());
                    Served late = Served.start("redis://127.0.0.1:" + slow.port());
                    PenstockClient client = PenstockClient.builder("127.0.0.1:"
                                    + prompt.server().port() + ",127.0.0.1:"
                                    + late.server().port())
                            .deadline(DEADLINE)
                            .build();
                    Reading reading = new Reading(published)) {
                client.awaitReady(Duration.ofSeconds(30));
                Survey.warm(published, late.newChannel(), DATA.rows());
                slow.delay(Duration.ofMillis(150), Duration.ofMillis(50));
                Walk plain = reading.start(client, false);
                List<Walk> sessions = new ArrayList<>();
                for (int i = 0; i < SESSIONS; i++) {
                    sessions.add(reading.start(client.session(), i % 2 == 1));
                }
                for (int state = 2; state <= 4; state++) {
                    published.publishWithoutWaiting(state);
                    prompt.awaitRevision(DATA, published.revision());
                    late.awaitRevision(DATA, published.revision());
                }
                published.rollBack(3);
                prompt.awaitRevision(DATA, published.revision());
                late.awaitRevision(DATA, published.revision());
                for (Walk session : sessions) {
                    Await.until("every session sees the rollback", () -> session.highest == published.revision());
                }
                reading.end();

                for (Walk session : sessions) {
                    assertThat(session.steppedBack)
                            .as("steps back of a session")
                            .isZero();
                }
                assertThat(plain.steppedBack)
                        .as("steps back of reads without a session: the servers did differ")
                        .isPositive();
                assertThat(late.metric("penstock_requests_seconds_count", "outcome=\"FOUND\""))
                        .as("reads that the late server answered")
                        .isPositive();
            }
        }
    }

    /** What one reader saw, one read after the other. */
    private static final class Walk {
        /** Written by the reader, read by the test. */
        private volatile long highest;

        private int steppedBack;

        void saw(long revision) {
            if (revision < highest) {
                steppedBack++;
            } else {
                highest = revision;
            }
        }
    }

    private static final class Reading implements AutoCloseable {
        private final PublishedData published;
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<CompletableFuture<Void>> walks = new ArrayList<>();

        Reading(PublishedData published) {
            this.published = published;
        }

        Walk start(DatasetReader reader, boolean batches) {
            Walk walk = new Walk();
            CompletableFuture<Void> ended = new CompletableFuture<>();
            Thread thread = new Thread(
                    () -> {
                        try {
                            SplittableRandom random = new SplittableRandom(walks.size());
                            while (!over.get()) {
                                walk.saw(batches ? readMany(reader, random) : readOne(reader, random));
                            }
                            ended.complete(null);
                        } catch (RuntimeException | AssertionError e) {
                            ended.completeExceptionally(e);
                        }
                    },
                    "walk");
            walks.add(ended);
            thread.start();
            return walk;
        }

        private long readOne(DatasetReader reader, SplittableRandom random) {
            int row = random.nextInt(DATA.rows());
            Lookup<ByteString> lookup = reader.get(DATA.dataset(), DATA.key(row));
            check(row, lookup);
            return lookup.revision();
        }

        private long readMany(DatasetReader reader, SplittableRandom random) {
            int first = random.nextInt(DATA.rows() - BATCH);
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                keys.add(DATA.key(first + i));
            }
            BatchRows<ByteString> rows = reader.batchGet(DATA.dataset(), keys);
            for (int i = 0; i < BATCH; i++) {
                check(first + i, rows.lookups().get(i));
            }
            return rows.lookups().get(0).revision();
        }

        private void check(int row, Lookup<ByteString> lookup) {
            assertThat(lookup.value().orElseThrow().toByteArray())
                    .as("row " + row + " of revision " + lookup.revision())
                    .isEqualTo(published.value(row, lookup.revision()));
        }

        void end() {
            over.set(true);
            walks.forEach(Await::stage);
        }

        @Override
        public void close() {
            over.set(true);
        }
    }
}
