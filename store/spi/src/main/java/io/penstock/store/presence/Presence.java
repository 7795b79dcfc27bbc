package io.penstock.store.presence;

import io.penstock.storage.v1.PresenceRecord;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The presence records of a namespace: they disappear by themselves when they are not renewed, or, in a store without
 * expiry, stop being listed once their counter has not moved for their time to live on the observer's own monotonic
 * clock (so that a process that has just started to look sees a dead record for one time to live more).
 *
 * <p>Thread-safe; nothing blocks; stages complete on any thread, exceptionally with {@link
 * io.penstock.store.StoreException}.
 */
public interface Presence {
    /** Writes or renews the record with this {@code id}. */
    CompletionStage<Void> put(PresenceRecord record, Duration ttl);

    /** Removes a record; nothing happens when it is not there. */
    CompletionStage<Void> remove(String id);

    /** Every live record, strongly read; damaged ones are left out. Their order means nothing. */
    CompletionStage<List<PresenceRecord>> list();
}
