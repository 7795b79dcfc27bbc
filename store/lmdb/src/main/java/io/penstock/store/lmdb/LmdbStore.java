package io.penstock.store.lmdb;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** A handle to an environment that others in this process may share. */
final class LmdbStore implements Store {
    private final String url;
    private final LmdbEnvironment environment;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LmdbStore(String url, LmdbEnvironment environment) {
        this.url = url;
        this.environment = environment;
    }

    /** @param nanoClock what presence is observed by; the first handle of a process decides */
    static LmdbStore open(LmdbConfig config, boolean create, LongSupplier nanoClock) {
        return new LmdbStore(config.url(), LmdbEnvironment.open(config, create, nanoClock));
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        return new LmdbBlobReader(this, retained(), loop);
    }

    @Override
    public BlobWriter openWriter() {
        requireOpen();
        return new LmdbBlobWriter(this);
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return new LmdbCatalogRegister(this, namespace);
    }

    @Override
    public Presence presence(String namespace) {
        return new LmdbPresence(this, namespace);
    }

    @Override
    public void checkHealth() {
        requireOpen();
        environment.checkHealth();
    }

    @Override
    public Headroom headroom() {
        try {
            return read(environment::headroom).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException store ? store : e;
        }
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            environment.release();
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    void requireOpen() {
        if (isClosed()) {
            throw closedException();
        }
    }

    StoreException closedException() {
        return LmdbErrors.closed("store " + url);
    }

    LmdbEnvironment environment() {
        return environment;
    }

    /** The environment with a reference more; whoever calls this releases it. */
    LmdbEnvironment retained() {
        requireOpen();
        if (!environment.retain()) {
            throw closedException();
        }
        return environment;
    }

    <T> CompletableFuture<T> read(Function<Snapshot, T> action) {
        return isClosed() ? CompletableFuture.failedFuture(closedException()) : environment.read(action);
    }

    <T> CompletableFuture<T> writeUrgently(Write<T> write) {
        if (isClosed()) {
            return CompletableFuture.failedFuture(closedException());
        }
        return environment.writeUrgently(write);
    }
}
