package io.penstock.serving.adoption;

import io.penstock.serving.view.DatasetStatus;
import io.penstock.serving.view.DatasetView;
import io.penstock.serving.view.NamespaceView;
import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.store.blob.Generations;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.MoveHistory;
import org.jspecify.annotations.Nullable;

/** Tells a catalog that has gone on from one whose history contradicts what this server has served. */
final class ForkCheck {
    private static final String REMEDY =
            "; the present view is held. Find out which history is right, then restart this server";

    private ForkCheck() {}

    /**
     * Looks for a contradiction.
     *
     * @param storeId the store's id when this server first read the catalog; 0 = it has not
     * @param catalog read strongly
     * @return for the operator, or null if there is none
     */
    static @Nullable String problem(long storeId, NamespaceView view, Catalog catalog) {
        if (storeId != 0 && storeId != catalog.getStoreId()) {
            return "catalog of namespace '" + view.namespace() + "': the store was replaced, its id is "
                    + Generations.format(catalog.getStoreId()) + " and was " + Generations.format(storeId) + REMEDY;
        }
        for (DatasetStatus status : view.datasets().values()) {
            DatasetView served = status.served();
            if (served != null
                    && isForked(
                            served,
                            CatalogSnapshot.findDataset(catalog, status.id().name()))) {
                return "catalog of namespace '" + view.namespace() + "': its history forked, it does not know that "
                        + status.id().name() + " moved to version " + served.number() + " at revision "
                        + served.revision() + REMEDY;
            }
        }
        return null;
    }

    private static boolean isForked(DatasetView served, @Nullable DatasetEntry entry) {
        return entry == null || MoveHistory.of(entry, served.revision(), served.generation()) == MoveHistory.FORKED;
    }
}
