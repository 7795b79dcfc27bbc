package io.penstock.serving.view;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the present view. */
public final class ViewHolder {
    private static final Logger LOG = LoggerFactory.getLogger(ViewHolder.class);

    private final List<Consumer<ServingView>> listeners = new CopyOnWriteArrayList<>();

    /** Written by the penstock-view thread only, read by every event loop once a request. */
    private volatile ServingView current;

    public ViewHolder(ServingView first) {
        current = first;
    }

    /** The present view. Any thread; one volatile read. */
    public ServingView current() {
        return current;
    }

    /** Moves to the next view and tells the listeners; one that throws harms nobody else. One thread only. */
    public void flip(ServingView next) {
        current = next;
        for (Consumer<ServingView> listener : listeners) {
            try {
                listener.accept(next);
            } catch (Throwable e) {
                LOG.error("a bug in a listener of the serving view; the view moved, please report it", e);
            }
        }
    }

    /**
     * Calls {@code listener} after each change, on the thread that made it; it must not block or throw. What is served
     * may be the same as before: version lists and problems are part of a view.
     *
     * @return stops when run
     */
    public Runnable listen(Consumer<ServingView> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
