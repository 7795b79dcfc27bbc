package io.penstock.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.it.TestData;
import io.penstock.it.faults.Readers.Rows;
import io.penstock.publisher.PublisherException;
import io.penstock.store.redis.servers.RedisSentinels;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import io.penstock.store.testkit.proxy.FaultProxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A replica lags behind its primary, and one that has missed a commit takes its primary's place. */
class ReplicationIT {
    private static final TestData DATA = new TestData("replicated", 5_000, 50, 60);
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(4);

    @Test
    void aBlobThatALaggingReplicaMissesIsReadFromThePrimary() throws Exception {
        try (RedisServer primary = RedisServer.start();
                FaultProxy between = FaultProxy.to("127.0.0.1", primary.port());
                RedisServer replica = RedisServer.start("replicaof 127.0.0.1 " + between.port());
                PublishedData published = PublishedData.on(primary.url() + "?wait_replicas=0", DATA)) {
            Await.until("in sync", () -> replica.info("master_link_status").equals("up"));
            published.publish(1);
            String before = primary.info("master_repl_offset");
            Await.until("replicated", () -> isPast(replica.info("slave_repl_offset"), before));
            try (Served served = Served.start(primary.url() + "?read_from=replica", "cache.max_bytes=0");
                    Readers readers = Readers.start(
                            published, Rows.through(0, DATA.rows()), 16, DEADLINE, PAUSE, served.newChannel())) {
                readers.during(Duration.ofSeconds(1)).assertOnly(Tally.FOUND);
                assertThat(Long.parseLong(replica.info("keyspace_hits")))
                        .as("read from the replica")
                        .isGreaterThan(100);
                long missedBefore = Long.parseLong(replica.info("keyspace_misses"));

                between.blackHole();
                published.publish(2);
                served.awaitRevision(DATA, 2);
                readers.during(Duration.ofSeconds(2)).assertOnly(Tally.FOUND);
                assertThat(Long.parseLong(replica.info("keyspace_misses")) - missedBefore)
                        .as("missed by the replica")
                        .isGreaterThan(10);
                assertThat(Survey.of(published, served.newChannel()).values()).containsOnly(Tally.FOUND);
                assertThat(served.metric("penstock_losses_total")).isZero();
                readers.end().assertOnly(Tally.FOUND);
            }
        }
    }

    @Test
    void aServerThatSawACommitTheFailoverLostHoldsItsViewAndSaysSo() throws Exception {
        try (RedisSentinels sentinels = RedisSentinels.start();
                PublishedData published = publishedOn(sentinels.url());
                Served held = Served.start(sentinels.url())) {
            RedisServer old = sentinels.primary();
            RedisServer behind = sentinels.replica();
            String offset = old.info("master_repl_offset");
            Await.until("replicated", () -> isPast(behind.info("slave_repl_offset"), offset));
            for (int i = 0; i < 3; i++) { // a replica that was cut off for long would not be promoted
                sentinels
                        .sentinel(i)
                        .command("SENTINEL", "SET", RedisSentinels.PRIMARY_NAME, "down-after-milliseconds", "60000");
            }
            stopReplication(old, behind);
            published.publishWithoutWaiting(2); // the replica never hears of it
            held.awaitRevision(DATA, 2);
            try (Readers readers =
                    Readers.start(published, Rows.among(0, DATA.rows()), 16, DEADLINE, PAUSE, held.newChannel())) {
                readers.during(Duration.ofSeconds(1)).assertOnly(Tally.FOUND);
                old.kill();
                sentinels.failover();
                try (PublishedData promoted = PublishedData.on(sentinels.url(), DATA)) {
                    promoted.moved(1, 1);
                    Await.until("the promoted server is written to", () -> canPublish(promoted));
                    assertThat(promoted.revision())
                            .as("the lost one's revision")
                            .isEqualTo(2);
                    Await.until("a fork is reported", () -> held.metric("penstock_catalog_forked") == 1);

                    Tally afterwards = readers.during(Duration.ofSeconds(1));
                    afterwards.assertOnly(Tally.FOUND, Statuses.CATALOG_UNCONFIRMED, Statuses.STORE_UNREACHABLE);
                    assertThat(afterwards.found()).as("cached rows").isGreaterThan(0);
                    assertThat(afterwards.failed())
                            .as("rows of the lost version")
                            .isGreaterThan(0);
                    assertThat(held.page("/datasets")).contains("forked");

                    try (Served restarted = Served.start(sentinels.url())) {
                        assertThat(Survey.of(promoted, restarted.newChannel()).values())
                                .containsOnly(Tally.FOUND);
                    }
                    assertThat(held.metric("penstock_dataset_revision")).isEqualTo(2);
                    readers.end().assertNothingWrong();
                }
            }
        }
    }

    private static PublishedData publishedOn(String url) {
        PublishedData published = PublishedData.on(url, DATA);
        published.publish(1);
        return published;
    }

    private static boolean canPublish(PublishedData promoted) {
        try {
            promoted.publishWithoutWaiting(3);
            return true;
        } catch (PublisherException e) {
            return false; // not connected to the new primary yet
        }
    }

    /** The primary breaks with its replica, and refuses to have it back. */
    private static void stopReplication(RedisServer primary, RedisServer replica) {
        primary.command("ACL", "SETUSER", "default", "-psync", "-sync");
        primary.command("CLIENT", "KILL", "TYPE", "replica");
        Await.until("cut off", () -> replica.info("master_link_status").equals("down"));
    }

    private static boolean isPast(String offset, String other) {
        return !offset.isEmpty() && Long.parseLong(offset) >= Long.parseLong(other);
    }
}
