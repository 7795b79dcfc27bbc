package io.penstock.store.redis.servers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A Redis Cluster: three primaries that share the slots evenly, and as many replicas for each as asked for. */
public final class RedisCluster implements AutoCloseable {
    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16_384;
    private static final int ATTEMPTS_MAX = 20;

    private final List<RedisServer> nodes;
    private final List<String> ids;

    private RedisCluster(List<RedisServer> nodes, List<String> ids) {
        this.nodes = nodes;
        this.ids = ids;
    }

    /** Starts three primaries without replicas. */
    public static RedisCluster start(String... config) {
        return startWithReplicas(0, config);
    }

    /**
     * Starts three primaries and their replicas.
     *
     * @param replicas of each primary
     * @param config lines of {@code redis.conf} for each node
     */
    public static RedisCluster startWithReplicas(int replicas, String... config) {
        for (int attempt = 1; ; attempt++) {
            try {
                return startNodes(PRIMARIES * (1 + replicas), config);
            } catch (RedisServer.PortTakenException e) {
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    /** Each node finds the whole cluster in its file, so that none has to be introduced. */
    private static RedisCluster startNodes(int count, String... config) {
        List<String> ids = IntStream.range(0, count)
                .mapToObj(i -> RedisSentinels.randomId())
                .toList();
        List<Integer> ports =
                IntStream.range(0, count).mapToObj(i -> FreePorts.next()).toList();
        if (ports.stream().distinct().count() < count) {
            throw new RedisServer.PortTakenException(Collections.max(ports));
        }
        List<String> lines = new ArrayList<>(List.of("cluster-node-timeout 2000", "cluster-replica-validity-factor 0"));
        lines.addAll(List.of(config));
        List<RedisServer> nodes = new ArrayList<>();
        RedisCluster cluster = new RedisCluster(nodes, ids);
        try {
            for (int i = 0; i < count; i++) {
                nodes.add(RedisServer.start(
                        RedisServer.Kind.CLUSTER_NODE, ports.get(i), lines, nodesFile(ids, ports, i)));
            }
            cluster.awaitWhole();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static String nodesFile(List<String> ids, List<Integer> ports, int myself) {
        StringBuilder file = new StringBuilder();
        for (int i = 0; i < ids.size(); i++) {
            int primary = i % PRIMARIES;
            int port = ports.get(i);
            file.append(ids.get(i)).append(" 127.0.0.1:").append(port);
            file.append('@').append(port + FreePorts.BUS_OFFSET).append(i == myself ? " myself," : " ");
            if (i < PRIMARIES) {
                file.append("master - 0 0 ").append(i + 1).append(" connected ");
                file.append(firstSlot(i)).append('-').append(firstSlot(i + 1) - 1);
            } else {
                file.append("slave ").append(ids.get(primary)).append(" 0 0 ");
                file.append(primary + 1).append(" connected");
            }
            file.append('\n');
        }
        return file + "vars currentEpoch " + PRIMARIES + " lastVoteEpoch 0\n";
    }

    private static int firstSlot(int primary) {
        return primary * SLOTS / PRIMARIES;
    }

    /** Waits until every running node sees every slot served and every replica is in sync. */
    public void awaitWhole() {
        Waiting.until(
                "the cluster is whole",
                () -> nodes.stream().map(RedisServer::log).collect(Collectors.joining("\n")),
                () -> nodes.stream().filter(RedisServer::isRunning).allMatch(RedisCluster::isWhole));
    }

    private static boolean isWhole(RedisServer node) {
        String info = node.command("CLUSTER", "INFO");
        return info != null
                && info.contains("cluster_state:ok")
                && (node.info("role").equals("master")
                        || node.info("master_link_status").equals("up"));
    }

    /** The URL of a store on it. */
    public String url() {
        return "redis-cluster://"
                + IntStream.range(0, PRIMARIES)
                        .mapToObj(i -> nodes.get(i).address())
                        .collect(Collectors.joining(","));
    }

    /** Nodes 0 to 2 are started as primaries, node {@code i} above as a replica of node {@code i % 3}. */
    public RedisServer node(int i) {
        return nodes.get(i);
    }

    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /** The slot of a key. */
    public int slot(String key) {
        return Integer.parseInt(String.valueOf(nodes.get(0).command("CLUSTER", "KEYSLOT", key)));
    }

    /** Which node serves a slot, as the first running node sees it. */
    public int owner(int slot) {
        RedisServer witness =
                nodes.stream().filter(RedisServer::isRunning).findFirst().orElseThrow();
        String lines = String.valueOf(witness.command("CLUSTER", "NODES"));
        for (String line : lines.split("\n", -1)) {
            String[] fields = line.split(" ", -1);
            for (int i = 8; i < fields.length; i++) {
                if (serves(fields[i], slot)) {
                    return ids.indexOf(fields[0]);
                }
            }
        }
        throw new IllegalStateException("slot " + slot + " is served by no node");
    }

    private static boolean serves(String range, int slot) {
        if (range.startsWith("[")) {
            return false; // a slot on the move
        }
        int dash = range.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
        int last = Integer.parseInt(range.substring(dash + 1));
        return first <= slot && slot <= last;
    }

    /** Moves a slot and its keys to another primary. */
    public void moveSlot(int slot, int toNode) {
        beginMove(slot, toNode);
        endMove(slot, toNode);
    }

    /** Opens a slot for a move and moves its keys; the old owner answers {@code ASK} for them until {@link #endMove}. */
    public void beginMove(int slot, int toNode) {
        int fromNode = owner(slot);
        RedisServer from = nodes.get(fromNode);
        RedisServer to = nodes.get(toNode);
        to.command("CLUSTER", "SETSLOT", "" + slot, "IMPORTING", ids.get(fromNode));
        from.command("CLUSTER", "SETSLOT", "" + slot, "MIGRATING", ids.get(toNode));
        while (true) {
            String keys = from.command("CLUSTER", "GETKEYSINSLOT", "" + slot, "100");
            if (keys == null || keys.isEmpty()) {
                return;
            }
            List<String> migrate =
                    new ArrayList<>(List.of("MIGRATE", "127.0.0.1", "" + to.port(), "", "0", "5000", "KEYS"));
            Collections.addAll(migrate, keys.split("\n", -1));
            from.command(migrate.toArray(String[]::new));
        }
    }

    /** Makes the new owner the owner. */
    public void endMove(int slot, int toNode) {
        nodes.get(toNode).command("CLUSTER", "SETSLOT", "" + slot, "NODE", ids.get(toNode));
        for (RedisServer node : nodes) {
            if (node.isRunning() && node.info("role").equals("master")) {
                node.command("CLUSTER", "SETSLOT", "" + slot, "NODE", ids.get(toNode));
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
    }
}
