package io.penstock.publisher.slot;

import io.penstock.publisher.PublisherException;
import io.penstock.publisher.PublisherException.Category;
import io.penstock.publisher.stored.Stages;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.presence.Presence;
import java.util.Optional;

/**
 * Creates a namespace's catalog with its first publication, or by {@code penstock store init}, but not while somebody is
 * there who knows another one: then the store lost its catalog, and an empty one would make the loss final.
 */
public final class CatalogCreation {
    private final CatalogClient client;
    private final Presence presence;

    public CatalogCreation(CatalogClient client, Presence presence) {
        this.client = client;
        this.presence = presence;
    }

    /**
     * Returns the catalog, creating it if there is none.
     *
     * @throws PublisherException {@code UNAVAILABLE} if there is none and somebody present knows one
     */
    public CatalogSnapshot findOrCreate() {
        Optional<CatalogSnapshot> found = client.read();
        if (found.isPresent()) {
            return found.get();
        }
        for (PresenceRecord record : Stages.await(presence.list())) {
            if (record.getStoreId() != 0) {
                // Whoever wrote the record may have created the catalog just now.
                return client.read().orElseThrow(() -> lost(record));
            }
        }
        return client.initialise();
    }

    private static PublisherException lost(PresenceRecord record) {
        return new PublisherException(
                Category.UNAVAILABLE,
                "CATALOG_LOST",
                "the store has no catalog, but " + record.getProcess()
                        + " is present and knows one: the store lost it or was replaced; restore it, or stop every server"
                        + " and publisher and publish again");
    }
}
