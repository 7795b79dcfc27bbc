package io.penstock.store.redis.connection;

import io.netty.channel.EventLoop;
import io.penstock.store.StoreException;
import io.penstock.store.redis.connection.Topology.Range;
import io.penstock.store.redis.connection.Topology.Shard;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Asks servers where everything is. Confined to its loop. */
abstract class TopologySource implements NodeLink.Owner {
    private final Clients clients;
    private final EventLoop loop;
    private final Map<NodeAddress, NodeLink> links = new HashMap<>();
    private @Nullable StoreException closed;

    private TopologySource(Clients clients, EventLoop loop) {
        this.clients = clients;
        this.loop = loop;
    }

    static TopologySource of(Clients clients, EventLoop loop) {
        return switch (clients.config().mode()) {
            case STANDALONE -> new OneServer(clients, loop);
            case SENTINEL -> new Sentinels(clients, loop);
            case CLUSTER -> new ClusterNodes(clients, loop);
        };
    }

    /** Looks once; exceptional if nobody could say. */
    abstract CompletionStage<Topology> lookUp();

    /** Whether what was found once is so for ever. */
    boolean isFixed() {
        return false;
    }

    final RedisConfig config() {
        return clients.config();
    }

    final CompletableFuture<Reply> ask(NodeAddress node, Role role, String... words) {
        if (closed != null) {
            return CompletableFuture.failedFuture(closed);
        }
        NodeLink link = links.computeIfAbsent(node, unknown -> new NodeLink(clients, loop, unknown, role, this));
        CallCommand call = CallCommand.of(words);
        link.send(call);
        link.flush();
        return call.reply();
    }

    /** Asks one after another until one answers; what the last said if none does. */
    final CompletableFuture<Topology> firstOf(List<NodeAddress> nodes, int from, Asking asking) {
        NodeAddress node = nodes.get(from);
        return asking.ask(node)
                .exceptionallyCompose(error -> from + 1 < nodes.size() && !isFinal(error)
                        ? firstOf(nodes, from + 1, asking)
                        : CompletableFuture.failedFuture(unwrap(error)));
    }

    /** What one server says. */
    interface Asking {
        CompletableFuture<Topology> ask(NodeAddress node);
    }

    static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static boolean isFinal(Throwable error) {
        return unwrap(error) instanceof StoreException store && store.code() == StoreException.Code.INVALID_URL;
    }

    final void forgetOthers(Collection<NodeAddress> kept) {
        List<NodeLink> gone = new ArrayList<>();
        links.values().removeIf(link -> !kept.contains(link.node()) && gone.add(link));
        for (NodeLink link : gone) { // whom it fails may ask another one at once
            link.close(RedisErrors.closed("connection to " + link.node()));
        }
    }

    final void close(StoreException reason) {
        closed = reason;
        List<NodeLink> all = List.copyOf(links.values());
        links.clear();
        all.forEach(link -> link.close(reason));
    }

    @Override
    public boolean redirected(NodeLink link, RespCommand command, String error) {
        return false;
    }

    @Override
    public void disconnected(NodeLink link) {}

    @Override
    public boolean isLogged() {
        return false;
    }

    static NodeAddress address(Reply host, Reply port, NodeAddress asked) {
        String name = host.isNull() ? "" : host.text();
        return new NodeAddress(name.isEmpty() || name.equals("?") ? asked.host() : name, (int) port.integer());
    }

    /** One server; its replicas only if somebody wants to read from them. */
    private static final class OneServer extends TopologySource {
        private OneServer(Clients clients, EventLoop loop) {
            super(clients, loop);
        }

        @Override
        boolean isFixed() {
            return !config().readsReplicas();
        }

        @Override
        CompletionStage<Topology> lookUp() {
            NodeAddress primary = config().seeds().get(0);
            if (isFixed()) {
                return CompletableFuture.completedFuture(Topology.of(new Shard(primary, List.of())));
            }
            return ask(primary, Role.PRIMARY, "ROLE")
                    .thenApply(role -> Topology.of(new Shard(primary, replicas(role, primary))));
        }

        private static List<NodeAddress> replicas(Reply role, NodeAddress primary) {
            List<Reply> facts = role.list();
            List<NodeAddress> replicas = new ArrayList<>();
            if (facts.size() > 2 && facts.get(0).text().equals("master")) {
                for (Reply replica : facts.get(2).list()) {
                    replicas.add(address(replica.list().get(0), replica.list().get(1), primary));
                }
            }
            return replicas;
        }
    }

    /** A primary whose address the Sentinels know. */
    private static final class Sentinels extends TopologySource {
        private final String name;

        private Sentinels(Clients clients, EventLoop loop) {
            super(clients, loop);
            this.name = String.valueOf(clients.config().primaryName());
        }

        @Override
        CompletionStage<Topology> lookUp() {
            return firstOf(config().seeds(), 0, this::askSentinel);
        }

        private CompletableFuture<Topology> askSentinel(NodeAddress sentinel) {
            return ask(sentinel, Role.SENTINEL, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", name)
                    .thenCompose(reply -> {
                        if (reply.isNull()) {
                            throw new StoreException(
                                    StoreException.Code.INVALID_URL,
                                    "Sentinel " + sentinel + " knows no primary named '" + name
                                            + "'; check the end of the URL's path");
                        }
                        NodeAddress primary =
                                address(reply.list().get(0), reply.list().get(1), sentinel);
                        if (!config().readsReplicas()) {
                            return CompletableFuture.completedFuture(Topology.of(new Shard(primary, List.of())));
                        }
                        return ask(sentinel, Role.SENTINEL, "SENTINEL", "REPLICAS", name)
                                .thenApply(replicas ->
                                        Topology.of(new Shard(primary, healthy(replicas, primary, sentinel))));
                    });
        }

        private static List<NodeAddress> healthy(Reply replicas, NodeAddress primary, NodeAddress sentinel) {
            List<NodeAddress> healthy = new ArrayList<>();
            for (Reply replica : replicas.list()) {
                Map<String, Reply> facts = replica.map();
                Reply ip = facts.get("ip");
                Reply port = facts.get("port");
                Reply flags = facts.get("flags");
                if (ip == null || port == null || flags == null || flags.text().contains("down")) {
                    continue;
                }
                NodeAddress address = address(ip, port, sentinel);
                if (!address.equals(primary)) {
                    healthy.add(address);
                }
            }
            return healthy;
        }
    }

    /** The nodes of a cluster, any of which knows all. */
    private static final class ClusterNodes extends TopologySource {
        private @Nullable Topology last;

        private ClusterNodes(Clients clients, EventLoop loop) {
            super(clients, loop);
        }

        @Override
        CompletionStage<Topology> lookUp() {
            Set<NodeAddress> nodes = new LinkedHashSet<>();
            if (last != null) {
                nodes.addAll(last.nodes());
            }
            nodes.addAll(config().seeds());
            return firstOf(List.copyOf(nodes), 0, this::askNode).thenApply(found -> {
                last = found;
                Set<NodeAddress> kept = found.nodes();
                kept.addAll(config().seeds());
                forgetOthers(kept);
                return found;
            });
        }

        private CompletableFuture<Topology> askNode(NodeAddress node) {
            return ask(node, Role.NODE, "CLUSTER", "SLOTS").thenApply(reply -> {
                List<Range> ranges = new ArrayList<>();
                for (Reply range : reply.list()) {
                    ranges.add(range(range.list(), node));
                }
                if (ranges.isEmpty()) {
                    throw new StoreException(
                            StoreException.Code.UNREACHABLE,
                            "Redis server " + node + ": its cluster has no slots assigned");
                }
                return Topology.of(ranges);
            });
        }

        private static Range range(List<Reply> facts, NodeAddress asked) {
            List<NodeAddress> servers = new ArrayList<>();
            for (Reply server : facts.subList(2, facts.size())) {
                servers.add(address(server.list().get(0), server.list().get(1), asked));
            }
            Shard shard = new Shard(servers.get(0), servers.subList(1, servers.size()));
            return new Range((int) facts.get(0).integer(), (int) facts.get(1).integer(), shard);
        }
    }
}
