package io.penstock.store.testkit;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.presence.Presence;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Presence that is refused, lost or late. */
final class FaultyPresence implements Presence {
    private final Presence inner;
    private final Faults faults;

    FaultyPresence(Presence inner, Faults faults) {
        this.inner = inner;
        this.faults = faults;
    }

    @Override
    public CompletionStage<Void> put(PresenceRecord record, Duration ttl) {
        return Disturbance.async(faults, Operation.PRESENCE_PUT, () -> inner.put(record, ttl));
    }

    @Override
    public CompletionStage<Void> remove(String id) {
        return Disturbance.async(faults, Operation.PRESENCE_REMOVE, () -> inner.remove(id));
    }

    @Override
    public CompletionStage<List<PresenceRecord>> list() {
        return Disturbance.async(faults, Operation.PRESENCE_LIST, inner::list);
    }
}
