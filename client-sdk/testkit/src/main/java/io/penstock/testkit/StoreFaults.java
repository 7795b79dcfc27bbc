package io.penstock.testkit;

import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is wrong at present with the store as the server sees it. Written by tests, read by the server's threads; each
 * fault stands for itself.
 */
final class StoreFaults {
    private final Set<BlobAddress> lost = ConcurrentHashMap.newKeySet();
    private final Set<BlobAddress> damaged = ConcurrentHashMap.newKeySet();
    /** Catalogs as they were when adoption was paused, by namespace; empty while it is not. */
    private final Map<String, Optional<byte[]>> pausedCatalogs = new ConcurrentHashMap<>();

    private final DelayedReads delayedReads;

    private volatile boolean unreachable;
    private volatile Duration delay = Duration.ZERO;

    StoreFaults(DelayedReads delayedReads) {
        this.delayedReads = delayedReads;
    }

    void unreachable() {
        unreachable = true;
    }

    void delay(Duration newDelay) {
        delay = newDelay;
    }

    void lose(BlobAddress address) {
        lost.add(address);
    }

    void damage(BlobAddress address) {
        damaged.add(address);
    }

    void pause(String namespace, Optional<byte[]> catalog) {
        pausedCatalogs.put(namespace, catalog);
    }

    void resume() {
        pausedCatalogs.clear();
    }

    void healStore() {
        unreachable = false;
        delay = Duration.ZERO;
        lost.clear();
        damaged.clear();
        delayedReads.release();
    }

    boolean isUnreachable() {
        return unreachable;
    }

    boolean isPaused() {
        return !pausedCatalogs.isEmpty();
    }

    Optional<Optional<byte[]>> pausedCatalog(String namespace) {
        return Optional.ofNullable(pausedCatalogs.get(namespace));
    }

    Duration delay() {
        return delay;
    }

    DelayedReads delayedReads() {
        return delayedReads;
    }

    boolean isLost(BlobAddress address) {
        return lost.contains(address);
    }

    boolean isDamaged(BlobAddress address) {
        return damaged.contains(address);
    }

    static StoreException failure() {
        return new StoreException(StoreException.Code.UNREACHABLE, "the test made the store unreachable");
    }
}
