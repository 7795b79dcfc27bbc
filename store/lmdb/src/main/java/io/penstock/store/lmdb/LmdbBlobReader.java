package io.penstock.store.lmdb;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Hot: step 4 of the read path. Answers in place, with a view of the map: nothing is copied, queued or handed over. The
 * first read of a turn takes the newest state, the flush lets go of it, so a turn pins no pages beyond its end.
 *
 * <p>What is not in the page cache blocks the loop for a read of the disk; a store much larger than memory belongs into
 * another backend.
 */
final class LmdbBlobReader implements BlobReader {
    private final LmdbStore store;
    private final EventLoopHandle loop;

    // Confined to the loop.
    private @Nullable LmdbEnvironment environment;
    private final Snapshot snapshot;

    /** How many callbacks are running, one inside the other: their views need the snapshot. */
    private int callbacks;

    private boolean isFlushDue;

    /** @param environment with a reference for this reader */
    LmdbBlobReader(LmdbStore store, LmdbEnvironment environment, EventLoopHandle loop) {
        this.store = store;
        this.environment = environment;
        this.loop = loop;
        this.snapshot = environment.newSnapshot();
    }

    @Override
    public void get(BlobAddress address, Consistency consistency, BlobCallback callback) {
        assert loop.inEventLoop() : "blob reader used off its event loop";
        LmdbEnvironment open = environment;
        if (open == null || store.isClosed()) {
            callback.failed(store.closedException());
            return;
        }
        ByteBuffer value;
        try {
            if (consistency == Consistency.STRONG && callbacks == 0) {
                snapshot.end(); // what this turn began with may be older than what the caller has heard of
            }
            snapshot.begin();
            value = snapshot.get(address.keyNameBytes());
        } catch (RuntimeException e) {
            callback.failed(readFailure(e, open));
            return;
        }
        if (value == null) {
            callback.missing();
            return;
        }
        callbacks++;
        try {
            callback.found(value);
        } finally {
            callbacks--;
            if (isFlushDue && callbacks == 0) {
                flush();
            }
        }
    }

    /** A reader may be told only that the store did not answer, and why. */
    private static StoreException readFailure(RuntimeException error, LmdbEnvironment environment) {
        StoreException failure = LmdbErrors.of(error, environment.directory());
        return switch (failure.code()) {
            case UNREACHABLE, OVERLOADED, CLOSED, INTERNAL -> failure;
            case INVALID_URL, NOT_FOUND, FULL, UNSAFE, CORRUPT, NEWER_FORMAT, NOT_INITIALISED ->
                new StoreException(StoreException.Code.UNREACHABLE, String.valueOf(failure.getMessage()), failure);
        };
    }

    @Override
    public void flush() {
        if (callbacks > 0) {
            isFlushDue = true; // a callback's view must not lose its pages
            return;
        }
        isFlushDue = false;
        if (environment == null) {
            snapshot.close();
        } else {
            snapshot.end();
        }
    }

    @Override
    public void close() {
        LmdbEnvironment open = environment;
        if (open == null) {
            return;
        }
        environment = null;
        flush();
        open.release();
    }
}
