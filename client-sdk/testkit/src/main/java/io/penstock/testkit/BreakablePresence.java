package io.penstock.testkit;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.presence.Presence;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Presence as the server sees it: there, or not to be reached. */
final class BreakablePresence implements Presence {
    private final Presence inner;
    private final StoreFaults faults;

    BreakablePresence(Presence inner, StoreFaults faults) {
        this.inner = inner;
        this.faults = faults;
    }

    @Override
    public CompletionStage<Void> put(PresenceRecord record, Duration ttl) {
        return faults.isUnreachable() ? CompletableFuture.failedFuture(StoreFaults.failure()) : inner.put(record, ttl);
    }

    @Override
    public CompletionStage<Void> remove(String id) {
        return faults.isUnreachable() ? CompletableFuture.failedFuture(StoreFaults.failure()) : inner.remove(id);
    }

    @Override
    public CompletionStage<List<PresenceRecord>> list() {
        return faults.isUnreachable() ? CompletableFuture.failedFuture(StoreFaults.failure()) : inner.list();
    }
}
