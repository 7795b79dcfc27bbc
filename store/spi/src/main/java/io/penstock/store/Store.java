package io.penstock.store;

import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;

/**
 * An open store: what a backend implements. Thread-safe; what it hands out says for itself which thread may use it.
 * Opening it contacts the backend; none of its methods creates a catalog or any other data.
 */
public interface Store extends AutoCloseable {
    /** The URL it was opened with, passwords replaced by {@code ***}. */
    String url();

    /**
     * Opens a reader that belongs to one event loop. May be called from any thread; does not block. The caller closes
     * it on its loop before it closes the store.
     *
     * @throws StoreException with {@code CLOSED} after {@link #close}
     */
    BlobReader openReader(EventLoopHandle loop);

    /** Opens a writer. Does not block. The caller closes it before it closes the store. */
    BlobWriter openWriter();

    /** The catalog register of a namespace, whether or not anything stands in it. Does not block. */
    CatalogRegister catalog(String namespace);

    /** The presence records of a namespace. Does not block. */
    Presence presence(String namespace);

    /**
     * Checks that the store answers and is configured so that it cannot lose what it confirmed. May block for the
     * store's own time-out; never called from an event loop.
     *
     * @throws StoreException {@code UNREACHABLE} or {@code UNSAFE}, naming the setting and the value it must have
     */
    void checkHealth();

    /** How full the store is. May block; never called from an event loop. */
    Headroom headroom();

    /** Releases everything; may block until writes in flight have ended. Idempotent. */
    @Override
    void close();
}
