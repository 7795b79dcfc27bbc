package io.penstock.serving.view;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What keeps a swap from being a cold start: the near cache, as adoption sees it. */
public interface HotRows {
    /** Nothing is cached. */
    HotRows NONE = (before, after, deadlineNanos) -> CompletableFuture.completedFuture(null);

    /**
     * Fetches the hottest cached rows of {@code before} whose buckets have another generation in {@code after}, so that
     * they are there when the view flips. Called on the penstock-view thread; must not block; the stage may complete on
     * any thread, and how it completes does not matter.
     *
     * @param deadlineNanos on the monotonic clock; the flip does not wait longer
     */
    CompletionStage<Void> prefetch(DatasetView before, DatasetView after, long deadlineNanos);
}
