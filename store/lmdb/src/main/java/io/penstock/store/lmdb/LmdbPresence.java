package io.penstock.store.lmdb;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.lmdb.PresenceObservations.Dead;
import io.penstock.store.presence.Presence;
import io.penstock.store.presence.PresenceCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Presence records of a namespace; the dead are noticed by {@link #list} and swept by the next {@link #put}. */
final class LmdbPresence implements Presence {
    private final LmdbStore store;
    private final String namespace;
    private final String prefix;

    LmdbPresence(LmdbStore store, String namespace) {
        this.store = store;
        this.namespace = namespace;
        this.prefix = PresenceCodec.prefix(namespace);
    }

    @Override
    public CompletionStage<Void> put(PresenceRecord record, Duration ttl) {
        byte[] key = key(record.getId());
        return store.writeUrgently(new Change() {
                    @Override
                    boolean step(WriteTransaction transaction) {
                        for (Dead dead : store.environment().presence().dead(prefix)) {
                            deleteIfStillDead(transaction, dead);
                        }
                        transaction.put(key, PresenceValue.encode(record, ttl, transaction.id(), key));
                        return true;
                    }
                })
                .thenApply(done -> null);
    }

    private static void deleteIfStillDead(WriteTransaction transaction, Dead dead) {
        byte[] key = KeyNames.ascii(dead.keyName());
        ByteBuffer present = transaction.get(key);
        PresenceValue value = present == null ? null : PresenceValue.decode(present, key);
        if (value != null && value.stamp() == dead.stamp()) {
            transaction.delete(key);
        }
    }

    @Override
    public CompletionStage<Void> remove(String id) {
        byte[] key = key(id);
        return store.writeUrgently(new Change() {
                    @Override
                    boolean step(WriteTransaction transaction) {
                        transaction.delete(key);
                        return true;
                    }
                })
                .thenApply(done -> null);
    }

    @Override
    public CompletionStage<List<PresenceRecord>> list() {
        return store.read(snapshot -> {
            PresenceObservations observations = store.environment().presence();
            List<PresenceRecord> live = new ArrayList<>();
            Set<String> present = new HashSet<>();
            snapshot.keysFrom(KeyNames.ascii(prefix), (key, value) -> {
                String keyName = KeyNames.text(key);
                if (!keyName.startsWith(prefix)) {
                    return false;
                }
                present.add(keyName);
                PresenceValue decoded = PresenceValue.decode(value, key);
                if (decoded != null && observations.observe(keyName, decoded.stamp(), decoded.ttlNanos())) {
                    live.add(decoded.record());
                }
                return true;
            });
            observations.retain(prefix, present);
            return live;
        });
    }

    private byte[] key(String id) {
        return KeyNames.ascii(PresenceCodec.keyName(namespace, id));
    }

    private abstract static class Change extends Write<Boolean> {
        @Override
        final Boolean value() {
            return true;
        }
    }
}
