package io.penstock.client;

import io.penstock.serving.v1.Dataset;
import java.util.List;
import java.util.Optional;

/**
 * Hears how a server's datasets change. Called on the client's executor, by one thread at a time; while it works nothing
 * further is received, so a slow listener loses nothing and sees changes late. If it throws, its watch ends.
 */
public interface DatasetListener {
    /** First the present state of all datasets asked for, then those that changed. Never empty after the first. */
    void onDatasets(List<Dataset> datasets);

    /**
     * The watch is over; called once, last. Empty: {@link Watch#close} ended it. Otherwise why it failed: the server is
     * going away, say, and another watch may be opened.
     */
    void onEnd(Optional<PenstockException> failure);
}
