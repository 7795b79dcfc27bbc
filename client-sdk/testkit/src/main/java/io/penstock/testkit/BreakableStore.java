package io.penstock.testkit;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;

/** The server's handle to the store, with what {@link StoreFaults} says going wrong. The publisher has one of its own. */
final class BreakableStore implements Store {
    private final Store inner;
    private final StoreFaults faults;

    BreakableStore(Store inner, StoreFaults faults) {
        this.inner = inner;
        this.faults = faults;
    }

    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        return new BreakableBlobReader(inner.openReader(loop), loop, faults);
    }

    @Override
    public BlobWriter openWriter() {
        return inner.openWriter();
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return new BreakableCatalog(inner.catalog(namespace), namespace, faults);
    }

    @Override
    public Presence presence(String namespace) {
        return new BreakablePresence(inner.presence(namespace), faults);
    }

    @Override
    public void checkHealth() {
        requireReachable();
        inner.checkHealth();
    }

    @Override
    public Headroom headroom() {
        requireReachable();
        return inner.headroom();
    }

    private void requireReachable() {
        if (faults.isUnreachable()) {
            throw StoreFaults.failure();
        }
    }

    @Override
    public void close() {
        inner.close();
    }
}
