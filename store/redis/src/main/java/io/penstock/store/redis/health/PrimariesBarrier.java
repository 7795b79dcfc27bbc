package io.penstock.store.redis.health;

import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.redis.blob.DurabilityBarrier;
import io.penstock.store.redis.connection.Lane;
import io.penstock.store.redis.connection.NodeAddress;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.connection.Reply;
import io.penstock.store.redis.connection.Topology.Shard;
import io.penstock.store.redis.script.WriteScript;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Tells whether a writer's confirmed writes are still there and as widely copied as asked for.
 *
 * <p>Redis confirms a write before a replica or the disk has it, so a primary that was replaced or restarted since may have
 * lost some, and nobody would know. Hence the barrier remembers each primary's run id and the id of the history it grew out
 * of, which a promotion changes, from before the first write; at the end it waits for the replicas ({@code WAIT} counts
 * those that have all that this connection was answered for, so a small write goes before it) and compares. Thread-safe.
 */
public final class PrimariesBarrier implements DurabilityBarrier {
    /** Wait for one replica of each primary that had one when the writing began. */
    public static final int WAIT_REPLICAS_AUTO = -1;

    /** How long replicas may take to catch up. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static final String KEY_PREFIX = "penstock:barrier:{";
    private static final int KEYS_TRIED_MAX = 1_000_000;

    /** A write of ours, which goes by itself. */
    private static final byte[] TOUCH =
            WriteScript.of("", "'PERSIST', KEYS[1]", "redis.call('SET', KEYS[1], '', 'PX', 60000)\nreturn 1\n");

    private static final byte[] EVAL = ascii("EVAL");
    private static final byte[] ONE = ascii("1");
    private static final byte[][] SERVER = RedisConnections.words("INFO", "server");
    private static final byte[][] REPLICATION = RedisConnections.words("INFO", "replication");

    private final RedisConnections connections;
    private final int waitReplicas;
    private final long limitNanos;

    /** Completed by {@link #begin}, once. */
    private final CompletableFuture<Map<NodeAddress, Life>> before = new CompletableFuture<>();

    /**
     * A primary's uninterrupted life.
     *
     * @param formerHistory the replication id it had before its last promotion
     * @param replicas that followed it
     */
    private record Life(String runId, String formerHistory, long replicas) {
        static Life of(List<Reply> sections) {
            ServerInfo info = ServerInfo.of(sections);
            return new Life(info.text("run_id"), info.text("master_replid2"), info.number("connected_slaves"));
        }

        boolean isStill(Life other) {
            return runId.equals(other.runId) && formerHistory.equals(other.formerHistory);
        }
    }

    /** A barrier for one writer; {@code waitReplicas} replicas of each primary must have everything. */
    public PrimariesBarrier(RedisConnections connections, int waitReplicas) {
        this(connections, waitReplicas, LIMIT);
    }

    PrimariesBarrier(RedisConnections connections, int waitReplicas, Duration limit) {
        this.connections = connections;
        this.waitReplicas = waitReplicas;
        this.limitNanos = limit.toNanos();
    }

    /** Asks over the connections that the writes will take, so that the answers come from before them. */
    @Override
    public CompletionStage<Void> begin() {
        connections.eachPrimary(Lane.BULK, SERVER, REPLICATION).whenComplete((replies, error) -> {
            if (replies != null) {
                before.complete(replies.entrySet().stream()
                        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> Life.of(entry.getValue()))));
            } else {
                before.completeExceptionally(error);
            }
        });
        return before.thenAccept(known -> {});
    }

    @Override
    public CompletionStage<Void> pass() {
        return before.thenCompose(known -> {
            requireSamePrimaries(known);
            long deadline = System.nanoTime() + limitNanos;
            CompletableFuture<?>[] each = known.entrySet().stream()
                    .map(entry ->
                            pass(entry.getKey(), entry.getValue(), deadline).toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);
            return CompletableFuture.allOf(each).thenRun(() -> requireSamePrimaries(known));
        });
    }

    private void requireSamePrimaries(Map<NodeAddress, Life> known) {
        List<NodeAddress> now = connections.topology().primaries();
        for (NodeAddress server : known.keySet()) {
            if (!now.contains(server)) {
                throw replaced(server, "is not a primary any more");
            }
        }
        for (NodeAddress server : now) {
            if (!known.containsKey(server)) {
                throw replaced(server, "has become a primary");
            }
        }
    }

    private CompletionStage<Void> pass(NodeAddress server, Life life, long deadlineNanos) {
        long replicas = waitReplicas == WAIT_REPLICAS_AUTO ? Math.min(1, life.replicas()) : waitReplicas;
        CompletionStage<Void> copied =
                replicas == 0 ? CompletableFuture.completedFuture(null) : copied(server, replicas, deadlineNanos);
        return copied.thenCompose(done -> connections.callNode(Lane.BULK, server, SERVER, REPLICATION))
                .thenAccept(replies -> {
                    if (!Life.of(replies).isStill(life)) {
                        throw replaced(server, "was restarted or promoted");
                    }
                });
    }

    private CompletionStage<Void> copied(NodeAddress server, long replicas, long deadlineNanos) {
        byte[][] touch = {EVAL, TOUCH, ONE, keyOn(server)};
        // A server may keep a command waiting for less than the time-out only: longer waits are several.
        String millis = Long.toString(Math.max(1, connections.config().timeout().toMillis() / 2));
        byte[][] wait = RedisConnections.words("WAIT", Long.toString(replicas), millis);
        return connections.callNode(Lane.BULK, server, touch, wait).thenCompose(replies -> {
            long copies = replies.get(1).integer();
            if (copies >= replicas) {
                return CompletableFuture.completedFuture(null);
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                throw new StoreException(
                        Code.UNREACHABLE,
                        "Redis server " + server + ": " + copies + " of its replicas have what was written (expected: "
                                + replicas + ", see wait_replicas); check its replicas and publish again");
            }
            return copied(server, replicas, deadlineNanos);
        });
    }

    /** A key that this server has. */
    private byte[] keyOn(NodeAddress server) {
        for (int i = 0; i < KEYS_TRIED_MAX; i++) {
            byte[] key = ascii(KEY_PREFIX + i + "}");
            Shard shard = connections.topology().shardOf(key);
            if (shard != null && shard.primary().equals(server)) {
                return key;
            }
        }
        throw replaced(server, "has no slots any more");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static StoreException replaced(NodeAddress server, String what) {
        return new StoreException(
                Code.UNREACHABLE,
                "Redis server " + server + " " + what
                        + " since the first write: what it had confirmed may be lost; publish again");
    }
}
