package io.penstock.store.testkit;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;

/**
 * Any store, with what {@link Faults} says going wrong. Closing it closes the store inside.
 *
 * <p>Several may share one {@link Faults}, or each have its own, so that a test can cut off one process and not another.
 */
public final class FaultyStore implements Store {
    private final Store inner;
    private final Faults faults;

    private FaultyStore(Store inner, Faults faults) {
        this.inner = inner;
        this.faults = faults;
    }

    public static FaultyStore wrap(Store inner, Faults faults) {
        return new FaultyStore(inner, faults);
    }

    /** Wraps a store with faults of its own. */
    public static FaultyStore wrap(Store inner) {
        return wrap(inner, new Faults());
    }

    public Faults faults() {
        return faults;
    }

    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        return new FaultyBlobReader(inner.openReader(loop), faults, loop);
    }

    @Override
    public BlobWriter openWriter() {
        return new FaultyBlobWriter(inner.openWriter(), faults);
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return new FaultyCatalogRegister(inner.catalog(namespace), faults);
    }

    @Override
    public Presence presence(String namespace) {
        return new FaultyPresence(inner.presence(namespace), faults);
    }

    @Override
    public void checkHealth() {
        Disturbance.blocking(faults, Operation.HEALTH, () -> {
            inner.checkHealth();
            return true;
        });
    }

    @Override
    public Headroom headroom() {
        return Disturbance.blocking(faults, Operation.HEADROOM, inner::headroom);
    }

    @Override
    public void close() {
        inner.close();
    }
}
