package io.penstock.serving;

import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.HotRows;
import java.util.concurrent.CompletionStage;

/** The near cache as adoption sees it, before there is one: views are started first, and the read paths need them. */
final class LateHotRows implements HotRows {
    /** Written once while the server starts, read by the penstock-view thread. */
    private volatile HotRows rows = HotRows.NONE;

    void set(HotRows present) {
        rows = present;
    }

    @Override
    public CompletionStage<Void> prefetch(DatasetView before, DatasetView after, long deadlineNanos) {
        return rows.prefetch(before, after, deadlineNanos);
    }
}
