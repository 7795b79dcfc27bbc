package io.penstock.serving.view;

/** A loaded version that is not the served one, and when a request last named it. Thread-safe. */
public final class HeldVersion {
    private final DatasetView view;
    private final boolean pinned;

    /** Written by the event loops, read by the penstock-view thread; any of several writes may win. */
    private volatile long usedAtNanos;

    /**
     * Holds a version.
     *
     * @param pinned whether a request asked for it; otherwise it is held because it was served before
     */
    public HeldVersion(DatasetView view, boolean pinned, long nowNanos) {
        this.view = view;
        this.pinned = pinned;
        this.usedAtNanos = nowNanos;
    }

    public DatasetView view() {
        return view;
    }

    public boolean isPinned() {
        return pinned;
    }

    public long usedAtNanos() {
        return usedAtNanos;
    }

    public void used(long nowNanos) {
        usedAtNanos = nowNanos;
    }
}
