package io.penstock.store.redis.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.store.StoreException;
import io.penstock.store.redis.connection.Lane;
import io.penstock.store.redis.connection.NodeAddress;
import io.penstock.store.redis.connection.RedisConfig;
import io.penstock.store.redis.connection.RedisConfig.Login;
import io.penstock.store.redis.connection.RedisConfig.Mode;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.servers.RedisCluster;
import io.penstock.store.redis.servers.RedisReplication;
import io.penstock.store.redis.servers.RedisSentinels;
import io.penstock.store.redis.servers.RedisServer;
import io.penstock.store.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrimariesBarrierBehaviourTest {
    private static final int AUTO = PrimariesBarrier.WAIT_REPLICAS_AUTO;

    @Test
    void passesAsOftenAsAskedWhileNothingHappens() {
        try (RedisServer server = RedisServer.start();
                RedisConnections connections = open(server)) {
            PrimariesBarrier barrier = new PrimariesBarrier(connections, AUTO);
            Await.stage(barrier.begin());
            Await.stage(barrier.pass());
            Await.stage(barrier.pass());
            assertThat(server.command("DBSIZE")).isEqualTo("0");
        }
    }

    @Test
    void failsOnceAPrimaryWasRestarted() {
        try (RedisServer server = RedisServer.start("appendonly yes");
                RedisConnections connections = open(server)) {
            PrimariesBarrier barrier = new PrimariesBarrier(connections, AUTO);
            Await.stage(barrier.begin());
            server.restart();
            awaitAnswer(connections);
            assertThat(failure(barrier).getMessage())
                    .isEqualTo("Redis server " + server.address() + " was restarted or promoted since the first write:"
                            + " what it had confirmed may be lost; publish again");
        }
    }

    @Test
    void waitsForTheReplicaThatWasThere() {
        try (RedisReplication servers = RedisReplication.start(1);
                RedisConnections connections = open(servers.primary())) {
            PrimariesBarrier barrier = new PrimariesBarrier(connections, AUTO, Duration.ofMillis(100));
            Await.stage(barrier.begin());
            servers.primary().command("SET", "a", "b");
            Await.stage(barrier.pass());
            assertThat(servers.replica(0).command("GET", "a")).isEqualTo("b");
            servers.replica(0).stop();
            assertThat(failure(barrier).getMessage())
                    .isEqualTo("Redis server " + servers.primary().address()
                            + ": 0 of its replicas have what was written (expected: 1, see wait_replicas); check its"
                            + " replicas and publish again");
            servers.replica(0).kill();
            assertThat(failure(barrier).code()).isEqualTo(StoreException.Code.UNREACHABLE);
        }
    }

    @Test
    void waitsForAsManyReplicasAsAskedFor() {
        try (RedisReplication servers = RedisReplication.start(1);
                RedisConnections connections = open(servers.primary())) {
            PrimariesBarrier none = new PrimariesBarrier(connections, 0, Duration.ofMillis(100));
            PrimariesBarrier two = new PrimariesBarrier(connections, 2, Duration.ofMillis(100));
            Await.stage(none.begin());
            Await.stage(two.begin());
            servers.replica(0).stop();
            Await.stage(none.pass());
            assertThat(failure(two).getMessage()).contains("(expected: 2, see wait_replicas)");
        }
    }

    @Test
    void passesWhileTheMemoryIsFull() {
        try (RedisReplication servers = RedisReplication.start(1);
                RedisConnections connections = open(servers.primary())) {
            servers.primary().command("CONFIG", "SET", "maxmemory", "100kb");
            PrimariesBarrier barrier = new PrimariesBarrier(connections, 1);
            Await.stage(barrier.begin());
            Await.stage(barrier.pass());
        }
    }

    /** Its process lived on, its data did not. */
    @Test
    void failsAfterAPrimaryWasAReplicaInBetween() {
        try (RedisReplication servers = RedisReplication.start(1);
                RedisConnections connections = open(servers.primary())) {
            PrimariesBarrier barrier = new PrimariesBarrier(connections, 0);
            Await.stage(barrier.begin());
            servers.promote(0);
            servers.primary()
                    .command("REPLICAOF", "127.0.0.1", "" + servers.replica(0).port());
            Await.until(
                    "it follows",
                    () -> servers.primary().info("master_link_status").equals("up"));
            servers.primary().command("REPLICAOF", "NO", "ONE");
            awaitAnswer(connections);
            assertThat(failure(barrier).getMessage()).contains("was restarted or promoted since the first write");
        }
    }

    @Test
    void failsAfterSentinelsHavePromotedAnother() {
        try (RedisSentinels sentinels = RedisSentinels.start();
                RedisConnections connections = open(sentinels)) {
            PrimariesBarrier barrier = new PrimariesBarrier(connections, AUTO, Duration.ofMillis(100));
            Await.stage(barrier.begin());
            Await.stage(barrier.pass());
            RedisServer promoted = sentinels.failover();
            Await.until(
                    "the new primary is known",
                    () -> connections.topology().primaries().contains(new NodeAddress("127.0.0.1", promoted.port())));
            assertThat(failure(barrier).getMessage()).contains("since the first write");
        }
    }

    @Test
    void looksAtEveryPrimaryOfACluster() {
        try (RedisCluster cluster = RedisCluster.startWithReplicas(1);
                RedisConnections connections = open(cluster)) {
            PrimariesBarrier barrier = new PrimariesBarrier(connections, 1, Duration.ofMillis(100));
            Await.stage(barrier.begin());
            Await.stage(barrier.pass());
            cluster.node(4).stop();
            assertThat(failure(barrier).getMessage())
                    .startsWith("Redis server " + cluster.node(1).address());
        }
    }

    private static StoreException failure(PrimariesBarrier barrier) {
        try {
            barrier.pass().toCompletableFuture().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StoreException store) {
                return store;
            }
            throw e;
        }
        throw new AssertionError("the barrier passed");
    }

    private static void awaitAnswer(RedisConnections connections) {
        Await.until(
                "the server answers again",
                () -> connections
                        .call(Lane.BULK, "a".getBytes(StandardCharsets.US_ASCII), RedisConnections.words("GET", "a"))
                        .handle((reply, error) -> error == null)
                        .toCompletableFuture()
                        .join());
    }

    private static RedisConnections open(RedisServer server) {
        return open(Mode.STANDALONE, List.of(address(server)), null);
    }

    private static RedisConnections open(RedisSentinels sentinels) {
        List<NodeAddress> seeds = IntStream.range(0, 3)
                .mapToObj(i -> address(sentinels.sentinel(i)))
                .toList();
        return open(Mode.SENTINEL, seeds, RedisSentinels.PRIMARY_NAME);
    }

    private static RedisConnections open(RedisCluster cluster) {
        return open(Mode.CLUSTER, List.of(address(cluster.node(0))), null);
    }

    private static RedisConnections open(Mode mode, List<NodeAddress> seeds, @Nullable String primaryName) {
        return RedisConnections.open(new RedisConfig(
                "redis:test", mode, seeds, primaryName, 0, Login.NONE, Login.NONE, null, Duration.ofSeconds(1), false));
    }

    private static NodeAddress address(RedisServer server) {
        return new NodeAddress("127.0.0.1", server.port());
    }
}
