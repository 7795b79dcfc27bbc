package io.penstock.store.redis.connection;

import io.netty.channel.EventLoop;
import io.penstock.store.StoreException;
import io.penstock.store.redis.connection.Topology.Shard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One loop's connections to all servers: which one a key goes to, and what to do when a server says that the key is
 * elsewhere. Hot, and confined to its loop.
 */
public final class NodeLinks implements NodeLink.Owner {
    /** How often a command follows a key that moves before it fails. */
    private static final int REDIRECTIONS_MAX = 5;

    private final Clients clients;
    private final EventLoop loop;
    private final TopologyWatch watch;
    private final BooleanSupplier logged;
    private final Map<NodeAddress, NodeLink> primaries = new HashMap<>();
    private final Map<NodeAddress, NodeLink> replicas = new HashMap<>();

    /** What the links by slot were taken from. */
    private @Nullable Topology topology;

    private @Nullable NodeLink[] primaryBySlot = new NodeLink[0];
    private @Nullable NodeLink[] replicaBySlot = new NodeLink[0];
    private @Nullable StoreException closed;

    NodeLinks(Clients clients, EventLoop loop, TopologyWatch watch, BooleanSupplier logged) {
        this.clients = clients;
        this.loop = loop;
        this.watch = watch;
        this.logged = logged;
    }

    /** Connects to every primary before anybody asks. */
    public void connectAll() {
        Topology now = upToDate();
        for (Shard shard : now.shards()) {
            primary(shard.primary());
        }
    }

    public boolean isCluster() {
        return upToDate().isCluster();
    }

    /**
     * The connection to the primary of a key.
     *
     * @return null if no server is known for it
     */
    public @Nullable NodeLink primaryOf(byte[] key) {
        Topology now = upToDate();
        int slot = now.slot(key);
        NodeLink link = primaryBySlot[slot];
        if (link == null) {
            Shard shard = now.shard(slot);
            if (shard == null) {
                watch.refreshSoon();
                return null;
            }
            link = primary(shard.primary());
            primaryBySlot[slot] = link;
        }
        return link;
    }

    /** The connection to a replica that has a key, if there is a usable one; else to its primary. */
    public @Nullable NodeLink nearestOf(byte[] key) {
        Topology now = upToDate();
        int slot = now.slot(key);
        NodeLink link = replicaBySlot[slot];
        if (link == null) {
            Shard shard = now.shard(slot);
            if (shard == null || shard.replicas().isEmpty()) {
                return primaryOf(key);
            }
            int chosen = ThreadLocalRandom.current().nextInt(shard.replicas().size());
            link = replica(shard.replicas().get(chosen));
            replicaBySlot[slot] = link;
        }
        if (link.isUsable()) {
            return link;
        }
        replicaBySlot[slot] = null; // another one next time
        return primaryOf(key);
    }

    /** The connection to a primary. */
    NodeLink primary(NodeAddress node) {
        requireOpen();
        return primaries.computeIfAbsent(node, unknown -> new NodeLink(clients, loop, unknown, Role.PRIMARY, this));
    }

    private NodeLink replica(NodeAddress node) {
        requireOpen();
        return replicas.computeIfAbsent(node, unknown -> new NodeLink(clients, loop, unknown, Role.REPLICA, this));
    }

    private void requireOpen() {
        if (closed != null) {
            throw closed;
        }
    }

    private Topology upToDate() {
        Topology now = watch.current();
        if (now != topology) {
            topology = now;
            int slots = now.isCluster() ? Topology.SLOTS : 1;
            primaryBySlot = new NodeLink[slots];
            replicaBySlot = new NodeLink[slots];
            closeAllBut(now);
        }
        return now;
    }

    private void closeAllBut(Topology now) {
        List<NodeLink> gone = new ArrayList<>();
        primaries.values().removeIf(link -> {
            boolean unused =
                    now.shards().stream().noneMatch(shard -> shard.primary().equals(link.node()));
            return unused && gone.add(link);
        });
        replicas.values().removeIf(link -> {
            boolean unused =
                    now.shards().stream().noneMatch(shard -> shard.replicas().contains(link.node()));
            return unused && gone.add(link);
        });
        for (NodeLink link : gone) {
            link.close(new StoreException(
                    StoreException.Code.UNREACHABLE,
                    "Redis server " + link.node() + ": another one has taken its place; try again"));
        }
    }

    /** Ends what is unanswered with {@code reason}, and all connections. */
    public void close(StoreException reason) {
        if (closed != null) {
            return;
        }
        closed = reason;
        List<NodeLink> all = new ArrayList<>(primaries.values());
        all.addAll(replicas.values());
        all.forEach(link -> link.close(reason));
    }

    @Override
    public boolean redirected(NodeLink link, RespCommand command, String error) {
        switch (RedisErrors.kind(error)) {
            case "MOVED", "ASK" -> {
                watch.refreshSoon();
                NodeAddress target = target(error, link.node());
                return target != null && command.mayRedirect(REDIRECTIONS_MAX) && follow(target, command, error);
            }
            case "READONLY", "CLUSTERDOWN", "MASTERDOWN" -> {
                watch.refreshSoon();
                return false;
            }
            default -> {
                return false;
            }
        }
    }

    private boolean follow(NodeAddress target, RespCommand command, String error) {
        if (closed != null) {
            return false;
        }
        NodeLink to = primary(target);
        if (!to.isUsable()) {
            return false;
        }
        if (error.startsWith("ASK")) {
            to.send(CallCommand.of("ASKING")); // holds for the very next command on that connection
        }
        command.rearm();
        to.send(command);
        to.flushSoon();
        return true;
    }

    /** {@code MOVED 3999 127.0.0.1:6381} or {@code ASK …}. */
    private static @Nullable NodeAddress target(String error, NodeAddress from) {
        int start = error.indexOf(' ', error.indexOf(' ') + 1) + 1;
        int colon = error.lastIndexOf(':');
        if (start <= 0 || colon < start) {
            return null;
        }
        String host = error.substring(start, colon);
        try {
            return new NodeAddress(host.isEmpty() ? from.host() : host, Integer.parseInt(error.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public void disconnected(NodeLink link) {
        watch.refreshSoon();
    }

    @Override
    public boolean isLogged() {
        return logged.getAsBoolean();
    }
}
