package io.penstock.store.redis.servers;

import java.util.ArrayList;
import java.util.List;

/** A primary and its replicas, in sync; nobody watches over them. */
public final class RedisReplication implements AutoCloseable {
    private final RedisServer primary;
    private final List<RedisServer> replicas;

    private RedisReplication(RedisServer primary, List<RedisServer> replicas) {
        this.primary = primary;
        this.replicas = replicas;
    }

    /**
     * Starts them and waits until they are in sync.
     *
     * @param config lines of {@code redis.conf} for each of them
     */
    public static RedisReplication start(int replicas, String... config) {
        RedisServer primary = RedisServer.start(config);
        List<RedisServer> followers = new ArrayList<>();
        RedisReplication replication = new RedisReplication(primary, followers);
        try {
            for (int i = 0; i < replicas; i++) {
                List<String> lines = new ArrayList<>(List.of(config));
                lines.add("replicaof 127.0.0.1 " + primary.port());
                followers.add(RedisServer.start(lines.toArray(String[]::new)));
            }
            followers.forEach(RedisReplication::awaitInSync);
            return replication;
        } catch (RuntimeException e) {
            replication.close();
            throw e;
        }
    }

    static void awaitInSync(RedisServer replica) {
        Waiting.until(
                replica + " is in sync",
                replica::log,
                () -> replica.info("master_link_status").equals("up"));
    }

    /** The one that was started as the primary, whatever it is now. */
    public RedisServer primary() {
        return primary;
    }

    public RedisServer replica(int i) {
        return replicas.get(i);
    }

    /** The URL of a store on the primary. */
    public String url() {
        return primary.url();
    }

    /** Cuts a replica off and makes it a primary, as a failover does; what it has not received by then it never has. */
    public void promote(int i) {
        replicas.get(i).command("REPLICAOF", "NO", "ONE");
    }

    @Override
    public void close() {
        replicas.forEach(RedisServer::close);
        primary.close();
    }
}
