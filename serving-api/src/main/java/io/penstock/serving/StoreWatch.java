package io.penstock.serving;

import io.penstock.store.Store;
import io.penstock.store.StoreException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the store again and again whether it is configured so that it cannot lose what it confirmed. Publishers ask before
 * they publish; a store that is changed afterwards would else be noticed only by the buckets that are gone.
 */
final class StoreWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    private final Store store;

    /** Written by the thread that asks, read by who looks at the metrics. */
    private volatile boolean unsafe;

    StoreWatch(Store store) {
        this.store = store;
    }

    /** Begins to ask, and goes on until the thread is ended. */
    void start(ScheduledExecutorService ownThread, Duration interval) {
        var unused = ownThread.scheduleWithFixedDelay(this::ask, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isUnsafe() {
        return unsafe;
    }

    /** Blocks for as long as the store takes to answer. A store that does not is said to be unreachable elsewhere. */
    private void ask() {
        try {
            store.checkHealth();
            if (unsafe) {
                LOG.info("the store is configured safely again");
            }
            unsafe = false;
        } catch (StoreException e) {
            if (e.code() == StoreException.Code.UNSAFE) {
                if (!unsafe) {
                    LOG.warn("the store may lose data: {}", e.getMessage());
                }
                unsafe = true;
            }
        } catch (RuntimeException e) {
            LOG.error("a bug while checking the store; please report it", e);
        }
    }
}
