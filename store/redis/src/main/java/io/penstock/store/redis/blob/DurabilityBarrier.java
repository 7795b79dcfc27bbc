package io.penstock.store.redis.blob;

import java.util.concurrent.CompletionStage;

/**
 * How a writer learns that what it has written would survive a failover. One a writer; any thread; nothing blocks.
 */
public interface DurabilityBarrier {
    /**
     * Called once, before anything is written; remembers which servers there are. Writes are confirmed only after it is
     * complete.
     */
    CompletionStage<Void> begin();

    /** Complete once everything confirmed before is as safe as configured; else exceptionally {@code UNREACHABLE}. */
    CompletionStage<Void> pass();
}
