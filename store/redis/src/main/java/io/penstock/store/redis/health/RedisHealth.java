package io.penstock.store.redis.health;

import io.penstock.store.Headroom;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.redis.connection.Lane;
import io.penstock.store.redis.connection.NodeAddress;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.connection.RedisErrorReply;
import io.penstock.store.redis.connection.Reply;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what the primaries say about themselves. {@code INFO} is enough for a verdict, because managed Redis often
 * forbids {@code CONFIG}. Thread-safe; its methods block for at most the store's time-out.
 */
public final class RedisHealth {
    private static final Logger LOG = LoggerFactory.getLogger(RedisHealth.class);

    private static final String POLICY = "maxmemory_policy";
    private static final String POLICY_NEEDED = "noeviction";

    private final RedisConnections connections;
    private final AtomicBoolean warnedOfForgetting = new AtomicBoolean();

    public RedisHealth(RedisConnections connections) {
        this.connections = connections;
    }

    /**
     * Checks that every primary answers and evicts nothing, and that every key has a server.
     *
     * @throws StoreException {@code UNREACHABLE} or {@code UNSAFE}
     */
    public void check() {
        Map<NodeAddress, ServerInfo> servers = servers();
        if (!connections.topology().isWhole()) {
            throw new StoreException(
                    Code.UNREACHABLE,
                    "store " + connections.url()
                            + ": some slots have no server; repair the cluster ('redis-cli --cluster" + " check')");
        }
        servers.forEach(RedisHealth::requireNoEviction);
        warnOfForgetting(servers);
    }

    private static void requireNoEviction(NodeAddress server, ServerInfo info) {
        String policy = info.text(POLICY);
        if (!policy.equals(POLICY_NEEDED)) {
            throw new StoreException(
                    Code.UNSAFE,
                    "Redis server " + server + ": maxmemory-policy is '" + (policy.isEmpty() ? "unknown" : policy)
                            + "' (expected: " + POLICY_NEEDED
                            + "); with any other it may drop rows when its memory is full; set it on every server,"
                            + " replicas too");
        }
    }

    /** How full the primaries are; blobs spread evenly over them, so the fullest one decides how much more fits. */
    public Headroom headroom() {
        long used = 0;
        long freeMin = Long.MAX_VALUE;
        Map<NodeAddress, ServerInfo> servers = servers();
        for (ServerInfo info : servers.values()) {
            long data = Math.max(0, info.number("used_memory") - info.number("mem_not_counted_for_evict"));
            long max = info.number("maxmemory");
            used += data;
            freeMin = max == 0 ? freeMin : Math.min(freeMin, Math.max(0, max - data));
        }
        boolean isBounded = freeMin < Long.MAX_VALUE;
        return new Headroom(used, isBounded ? used + freeMin * servers.size() : -1);
    }

    private Map<NodeAddress, ServerInfo> servers() {
        Map<NodeAddress, ServerInfo> servers = new HashMap<>();
        try {
            await(connections.eachPrimary(Lane.CONTROL, RedisConnections.words("INFO")))
                    .forEach((server, replies) -> servers.put(server, ServerInfo.of(replies)));
        } catch (RedisErrorReply e) {
            if (e.kind().equals("NOPERM")) {
                throw new StoreException(
                        Code.UNSAFE,
                        "store " + connections.url()
                                + ": its user may not run INFO, so nobody can tell whether it evicts rows; grant +info",
                        e);
            }
            throw e;
        }
        return servers;
    }

    /** Once a store: that a restart empties it is somebody's decision, and should not be somebody's surprise. */
    private void warnOfForgetting(Map<NodeAddress, ServerInfo> servers) {
        servers.forEach((server, info) -> {
            boolean keepsLog = info.number("aof_enabled") == 1;
            if (!keepsLog
                    && info.number("connected_slaves") == 0
                    && !savesSnapshots(server)
                    && warnedOfForgetting.compareAndSet(false, true)) {
                LOG.warn(
                        "Redis server {} keeps nothing on disk and has no replica: a restart loses every version;"
                                + " set appendonly yes, or add a replica",
                        server);
            }
        });
    }

    private boolean savesSnapshots(NodeAddress server) {
        try {
            List<Reply> setting = await(
                            connections.callNode(Lane.CONTROL, server, RedisConnections.words("CONFIG", "GET", "save")))
                    .get(0)
                    .list();
            return setting.size() < 2 || !setting.get(1).text().isEmpty();
        } catch (StoreException e) {
            return true; // CONFIG is forbidden: no ground for a warning
        }
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException store ? store : e;
        }
    }
}
