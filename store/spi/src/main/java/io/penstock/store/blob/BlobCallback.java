package io.penstock.store.blob;

import io.penstock.store.StoreException;
import java.nio.ByteBuffer;

/**
 * Where the answer to one {@link BlobReader#get} goes. Exactly one method is called, exactly once, on the reader's event
 * loop; it must not block and must not throw.
 */
public interface BlobCallback {
    /**
     * The blob's value, body and seal, unchecked. The buffer may be a view of the store's own memory: it is valid only
     * during this call, and whoever keeps bytes copies them.
     */
    void found(ByteBuffer sealed);

    /** The store answered that it has no such blob. With a weak read this may be a replica that lags. */
    void missing();

    /** The store did not answer. Codes: {@code UNREACHABLE}, {@code OVERLOADED}, {@code CLOSED}, {@code INTERNAL}. */
    void failed(StoreException error);
}
