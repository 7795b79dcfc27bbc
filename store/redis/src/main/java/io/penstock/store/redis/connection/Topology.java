package io.penstock.store.redis.connection;

import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which server has which key, as it was when somebody looked. Immutable. */
public final class Topology {
    static final int SLOTS = SlotHash.SLOT_COUNT;

    private final List<Shard> shards;

    /** By slot of a cluster, null where none is known; without a cluster one for everything. */
    private final @Nullable Shard[] bySlot;

    private Topology(List<Shard> shards, @Nullable Shard[] bySlot) {
        this.shards = List.copyOf(shards);
        this.bySlot = bySlot;
    }

    /** A primary and what follows it. */
    public record Shard(NodeAddress primary, List<NodeAddress> replicas) {
        public Shard {
            replicas = List.copyOf(replicas);
        }
    }

    static Topology of(Shard only) {
        return new Topology(List.of(only), new Shard[] {only});
    }

    /** A cluster's slots, both ends inclusive. */
    record Range(int first, int last, Shard shard) {}

    static Topology of(List<Range> ranges) {
        @Nullable Shard[] bySlot = new Shard[SLOTS];
        List<Shard> shards = new ArrayList<>();
        for (Range range : ranges) {
            int known = shards.indexOf(range.shard());
            Shard shard = known < 0 ? range.shard() : shards.get(known);
            if (known < 0) {
                shards.add(shard);
            }
            for (int slot = range.first(); slot <= range.last(); slot++) {
                bySlot[slot] = shard;
            }
        }
        return new Topology(shards, bySlot);
    }

    public boolean isCluster() {
        return bySlot.length == SLOTS;
    }

    /** The shards that have slots. */
    public List<Shard> shards() {
        return shards;
    }

    public List<NodeAddress> primaries() {
        return shards.stream().map(Shard::primary).toList();
    }

    /** Whether every slot has a primary. */
    public boolean isWhole() {
        for (Shard shard : bySlot) {
            if (shard == null) {
                return false;
            }
        }
        return true;
    }

    /** The slot of a key; 0 without a cluster. */
    int slot(byte[] key) {
        return isCluster() ? SlotHash.getSlot(key) : 0;
    }

    /** The shard that has a key; null if none is known. */
    public @Nullable Shard shardOf(byte[] key) {
        return bySlot[slot(key)];
    }

    @Nullable
    Shard shard(int slot) {
        return bySlot[slot];
    }

    Set<NodeAddress> nodes() {
        Set<NodeAddress> nodes = new LinkedHashSet<>();
        for (Shard shard : shards) {
            nodes.add(shard.primary());
            nodes.addAll(shard.replicas());
        }
        return nodes;
    }

    boolean isSameAs(Topology other) {
        if (bySlot.length != other.bySlot.length || !shards.equals(other.shards)) {
            return false;
        }
        for (int slot = 0; slot < bySlot.length; slot++) {
            Shard shard = bySlot[slot];
            if (shard == null ? other.bySlot[slot] != null : !shard.equals(other.bySlot[slot])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return shards.toString();
    }
}
