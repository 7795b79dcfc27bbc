package io.penstock.store.lmdb;

import io.penstock.store.catalog.CatalogRegister.Watch;
import io.penstock.store.catalog.WriteId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who wants to know that a catalog moved. A poll costs one look at the id of the last transaction unless something was
 * written. {@link #poll} is confined to the reads thread.
 */
final class CatalogWatches {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogWatches.class);

    private final LmdbEnvironment environment;
    private final List<Watching> watches = new CopyOnWriteArrayList<>();
    private long polledTransactionId = -1;

    CatalogWatches(LmdbEnvironment environment) {
        this.environment = environment;
    }

    Watch add(LmdbStore store, byte[] key, Runnable moved) {
        Watching watching = new Watching(store, key, moved);
        watches.add(watching);
        return () -> watches.remove(watching);
    }

    void poll() {
        watches.removeIf(watching -> watching.store.isClosed());
        if (watches.isEmpty()) {
            return;
        }
        try {
            long transactionId = environment.lastTransactionId();
            boolean isWritten = transactionId != polledTransactionId;
            polledTransactionId = transactionId;
            for (Watching watching : watches) {
                if (isWritten || !watching.isPolled) {
                    watching.poll(environment);
                }
            }
        } catch (RuntimeException e) {
            polledTransactionId = -1;
            LOG.warn("LMDB store {}: cannot look for catalog moves; trying again", environment.directory(), e);
        }
    }

    private static final class Watching {
        private final LmdbStore store;
        private final byte[] key;
        private final Runnable moved;

        // Confined to the reads thread.
        private boolean isPolled;
        private @Nullable WriteId seen;

        private Watching(LmdbStore store, byte[] key, Runnable moved) {
            this.store = store;
            this.key = key;
            this.moved = moved;
        }

        private void poll(LmdbEnvironment environment) {
            WriteId present = environment.readHere(snapshot -> {
                        ByteBuffer value = snapshot.get(key);
                        return new Seen(value == null ? null : WriteId.of(value));
                    })
                    .writeId;
            boolean isMoved = !isPolled || !Objects.equals(seen, present); // the first look may have come too late
            isPolled = true;
            seen = present;
            if (isMoved && !store.isClosed()) {
                moved.run();
            }
        }
    }

    private record Seen(@Nullable WriteId writeId) {}
}
