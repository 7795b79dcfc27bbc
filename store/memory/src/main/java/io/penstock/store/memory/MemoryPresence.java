package io.penstock.store.memory;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.DatasetId;
import io.penstock.store.presence.Presence;
import io.penstock.store.presence.PresenceCodec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Records that expire by the store's monotonic clock. */
final class MemoryPresence implements Presence {
    private final MemoryStore store;
    private final MemoryData data;
    private final String namespace;

    MemoryPresence(MemoryStore store, MemoryData data, String namespace) {
        this.store = store;
        this.data = data;
        this.namespace = DatasetId.requireNamespace(namespace);
    }

    @Override
    public CompletionStage<Void> put(PresenceRecord record, Duration ttl) {
        PresenceCodec.keyName(namespace, record.getId()); // refuses an id that cannot be one
        return Answers.of(() -> {
            store.requireOpen();
            data.putPresence(namespace, record, ttl);
            return null;
        });
    }

    @Override
    public CompletionStage<Void> remove(String id) {
        return Answers.of(() -> {
            store.requireOpen();
            data.removePresence(namespace, id);
            return null;
        });
    }

    @Override
    public CompletionStage<List<PresenceRecord>> list() {
        return Answers.of(() -> {
            store.requireOpen();
            return data.livePresence(namespace);
        });
    }
}
