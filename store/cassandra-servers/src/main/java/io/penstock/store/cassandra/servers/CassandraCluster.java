package io.penstock.store.cassandra.servers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Nodes of one data centre on 127.0.0.1, 127.0.0.2 and so on, all on the same ports, as Cassandra wants it. */
public final class CassandraCluster implements AutoCloseable {
    private static final int ATTEMPTS_MAX = 5;

    private final List<CassandraServer> nodes;

    private CassandraCluster(List<CassandraServer> nodes) {
        this.nodes = nodes;
    }

    /**
     * Starts the nodes, one after the other, because two may not join at once.
     *
     * @param config lines of {@code cassandra.yaml} for each
     */
    public static CassandraCluster start(int nodes, String... config) {
        for (int attempt = 1; ; attempt++) {
            CassandraCluster cluster = new CassandraCluster(new ArrayList<>());
            try {
                cluster.startNodes(nodes, List.of(config));
                return cluster;
            } catch (CassandraServer.PortTakenException e) {
                cluster.close();
                if (attempt == ATTEMPTS_MAX) {
                    throw e;
                }
            } catch (RuntimeException e) {
                cluster.close();
                throw e;
            }
        }
    }

    private void startNodes(int count, List<String> config) {
        int port = FreePorts.next(count);
        int storagePort = FreePorts.next(count);
        for (int i = 0; i < count; i++) {
            CassandraServer node = new CassandraServer(i + 1, port);
            nodes.add(node);
            long token = Long.MIN_VALUE + 1 + Long.divideUnsigned(-1L, count) * i;
            node.configure(storagePort, token, config);
            node.launch();
            node.awaitListening();
        }
    }

    public CassandraServer node(int i) {
        return nodes.get(i);
    }

    /** The URL of a store in a keyspace with a copy on each node. */
    public String url(String keyspace) {
        return "cassandra://" + nodes.stream().map(CassandraServer::host).collect(Collectors.joining(",")) + ":"
                + nodes.get(0).port() + "/" + keyspace + "?dc=datacenter1&replication=" + nodes.size();
    }

    @Override
    public void close() {
        nodes.forEach(CassandraServer::close);
    }
}
