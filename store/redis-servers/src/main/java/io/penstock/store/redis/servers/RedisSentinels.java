package io.penstock.store.redis.servers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/** A primary, a replica and three sentinels that agree about them. They notice a dead primary within half a second. */
public final class RedisSentinels implements AutoCloseable {
    /** What the sentinels call the primary. */
    public static final String PRIMARY_NAME = "penstock";

    private static final int SENTINELS = 3;
    private static final int ATTEMPTS_MAX = 20;

    private final RedisReplication replication;
    private final List<RedisServer> sentinels;

    private RedisSentinels(RedisReplication replication, List<RedisServer> sentinels) {
        this.replication = replication;
        this.sentinels = sentinels;
    }

    /**
     * Starts them and waits until they agree.
     *
     * @param config lines of {@code redis.conf} for primary and replica
     */
    public static RedisSentinels start(String... config) {
        RedisReplication replication = RedisReplication.start(1, config);
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    RedisSentinels started = new RedisSentinels(replication, startSentinels(replication, config));
                    started.awaitAgreement();
                    return started;
                } catch (RedisServer.PortTakenException e) {
                    if (attempt == ATTEMPTS_MAX) {
                        throw e;
                    }
                }
            }
        } catch (RuntimeException e) {
            replication.close();
            throw e;
        }
    }

    /** Each sentinel finds in its file what it would else hear of from the others in some seconds. */
    private static List<RedisServer> startSentinels(RedisReplication replication, String... config) {
        int[] ports = new int[SENTINELS];
        String[] ids = new String[SENTINELS];
        for (int i = 0; i < SENTINELS; i++) {
            ports[i] = FreePorts.next();
            ids[i] = randomId();
        }
        List<RedisServer> started = new ArrayList<>();
        try {
            for (int i = 0; i < SENTINELS; i++) {
                List<String> lines = new ArrayList<>(List.of(
                        "sentinel myid " + ids[i],
                        "sentinel monitor " + PRIMARY_NAME + " 127.0.0.1 "
                                + replication.primary().port() + " 2",
                        "sentinel down-after-milliseconds " + PRIMARY_NAME + " 500",
                        "sentinel failover-timeout " + PRIMARY_NAME + " 3000",
                        "sentinel known-replica " + PRIMARY_NAME + " 127.0.0.1 "
                                + replication.replica(0).port()));
                for (String line : config) {
                    if (line.startsWith("requirepass ")) {
                        lines.add("sentinel auth-pass " + PRIMARY_NAME + line.substring(line.indexOf(' ')));
                    }
                }
                for (int other = 0; other < SENTINELS; other++) {
                    if (other != i) {
                        lines.add("sentinel known-sentinel " + PRIMARY_NAME + " 127.0.0.1 " + ports[other] + " "
                                + ids[other]);
                    }
                }
                started.add(RedisServer.start(RedisServer.Kind.SENTINEL, ports[i], lines, null));
            }
            return started;
        } catch (RuntimeException e) {
            started.forEach(RedisServer::close);
            throw e;
        }
    }

    /** Forty hexadecimal digits, as servers name themselves. */
    static String randomId() {
        byte[] id = new byte[20];
        ThreadLocalRandom.current().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** The URL of a store on whatever is the primary. */
    public String url() {
        String url = replication.url();
        String userInfo = url.contains("@") ? url.substring("redis://".length(), url.indexOf('@') + 1) : "";
        return "redis-sentinel://" + userInfo
                + sentinels.stream().map(RedisServer::address).collect(Collectors.joining(",")) + "/" + PRIMARY_NAME;
    }

    /** The one that the first running sentinel says is the primary. */
    public RedisServer primary() {
        RedisServer sentinel = sentinels.stream()
                .filter(RedisServer::isRunning)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no sentinel runs"));
        return named(sentinel);
    }

    /** The other one. */
    public RedisServer replica() {
        RedisServer primary = primary();
        return primary == replication.primary() ? replication.replica(0) : replication.primary();
    }

    public RedisServer sentinel(int i) {
        return sentinels.get(i);
    }

    /** Makes the sentinels promote the replica while the primary is well; returns the new primary. */
    public RedisServer failover() {
        RedisServer old = primary();
        Waiting.until("a failover begins", this::state, this::beginsFailover);
        return awaitPrimaryOtherThan(old);
    }

    /** Waits until the sentinels have promoted another; the way to end a test's own kill of the primary. */
    public RedisServer awaitPrimaryOtherThan(RedisServer old) {
        Waiting.until(
                "another primary than " + old,
                this::state,
                () -> running().stream().allMatch(sentinel -> named(sentinel) != old)
                        && primary().info("role").equals("master"));
        return primary();
    }

    private boolean beginsFailover() {
        try {
            running().get(0).command("SENTINEL", "FAILOVER", PRIMARY_NAME);
            return true;
        } catch (RedisErrorException e) {
            return false; // one is in progress, or no replica has been seen to be good yet
        }
    }

    private void awaitAgreement() {
        Waiting.until(
                "the sentinels agree", this::state, () -> sentinels.stream().allMatch(RedisSentinels::isQuorum));
    }

    private static boolean isQuorum(RedisServer sentinel) {
        try {
            String answer = sentinel.command("SENTINEL", "CKQUORUM", PRIMARY_NAME);
            return answer != null && answer.startsWith("OK 3 ");
        } catch (RedisErrorException e) {
            return false;
        }
    }

    private List<RedisServer> running() {
        return sentinels.stream().filter(RedisServer::isRunning).toList();
    }

    private RedisServer named(RedisServer sentinel) {
        String address = sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", PRIMARY_NAME);
        String port =
                address == null ? "" : Arrays.asList(address.split("\n", -1)).get(1);
        return port.equals("" + replication.replica(0).port()) ? replication.replica(0) : replication.primary();
    }

    private String state() {
        return sentinels.stream().map(RedisServer::log).collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        sentinels.forEach(RedisServer::close);
        replication.close();
    }
}
