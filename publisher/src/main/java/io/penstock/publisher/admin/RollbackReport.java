package io.penstock.publisher.admin;

import java.util.List;

/**
 * What a rollback did.
 *
 * @param moved false if the target was current already
 * @param datasets every dataset that moved, the named one first; those it was committed with follow it
 */
public record RollbackReport(boolean moved, List<Moved> datasets) {
    /**
     * A dataset that went back.
     *
     * @param from the number of the version that was current
     * @param to the number of the version that is
     * @param revision that the move made
     */
    public record Moved(String dataset, long from, long to, long revision) {}
}
