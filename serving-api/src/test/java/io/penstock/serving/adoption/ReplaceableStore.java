package io.penstock.serving.adoption;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.presence.Presence;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A store whose catalogs can be exchanged for another store's, as when one comes back without its data. */
final class ReplaceableStore implements Store {
    private final Store inner;
    private volatile Store catalogs;

    ReplaceableStore(Store inner) {
        this.inner = inner;
        this.catalogs = inner;
    }

    void replaceCatalogs(Store other) {
        catalogs = other;
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return new CatalogRegister() {
            @Override
            public CompletionStage<Optional<byte[]>> read() {
                return catalogs.catalog(namespace).read();
            }

            @Override
            public CompletionStage<Optional<WriteId>> readWriteId() {
                return catalogs.catalog(namespace).readWriteId();
            }

            @Override
            public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value) {
                return catalogs.catalog(namespace).compareAndSet(expected, value);
            }

            @Override
            public Watch watch(Runnable moved) {
                return () -> {}; // nothing is pushed: only polls notice
            }
        };
    }

    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        return inner.openReader(loop);
    }

    @Override
    public BlobWriter openWriter() {
        return inner.openWriter();
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
