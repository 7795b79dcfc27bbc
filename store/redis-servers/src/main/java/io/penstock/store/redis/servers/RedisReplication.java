package io.penstock.store.redis.servers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
            awaitInSync(primary, followers);
            return replication;
        } catch (RuntimeException e) {
            replication.close();
            throw e;
        }
    }

    /** A replica gets nothing between its first copy and its first confirmation, so a write has to be confirmed. */
    private static void awaitInSync(RedisServer primary, List<RedisServer> replicas) {
        Waiting.until(
                replicas.size() + " replicas are in sync",
                () -> replicas.stream().map(RedisServer::log).collect(Collectors.joining("\n")),
                () -> {
                    primary.command("PUBLISH", "penstock", "in sync?");
                    return IntStream.range(0, replicas.size())
                            .mapToObj(i -> primary.info("slave" + i))
                            .allMatch(state -> state.contains("state=online") && !state.contains("offset=0,"));
                });
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
