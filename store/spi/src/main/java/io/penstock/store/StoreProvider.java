package io.penstock.store;

import java.util.Set;

/**
 * Opens stores of one backend. Found by {@link java.util.ServiceLoader} through the URL's scheme; nothing else names a
 * backend.
 */
public interface StoreProvider {
    /** The URL schemes it answers for, lower case, without the colon. */
    Set<String> schemes();

    /**
     * Opens a store. May block while it connects; never called from an event loop.
     *
     * @param create whether the backend may create its own files or tables if there are none (a publisher may, a
     *     reader must not). It never means creating a catalog.
     * @throws StoreException {@code INVALID_URL}, {@code NOT_FOUND}, {@code UNREACHABLE}; the message names the URL,
     *     redacted
     */
    Store open(StoreUrl url, boolean create);
}
