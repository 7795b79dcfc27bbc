package io.penstock.serving.read;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;

/** A store whose readers answer before {@code get} returns, as an embedded one does. */
record InPlaceStore(Store inner) implements Store {
    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        BlobReader reader = inner.openReader(loop);
        return new BlobReader() {
            @Override
            public void get(BlobAddress address, Consistency consistency, BlobCallback callback) {
                reader.get(address, consistency, callback);
                reader.flush();
            }

            @Override
            public void flush() {
                reader.flush();
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    @Override
    public BlobWriter openWriter() {
        return inner.openWriter();
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return inner.catalog(namespace);
    }

    @Override
    public Presence presence(String namespace) {
        return inner.presence(namespace);
    }

    @Override
    public void checkHealth() {
        inner.checkHealth();
    }

    @Override
    public Headroom headroom() {
        return inner.headroom();
    }

    @Override
    public void close() {
        inner.close();
    }
}
