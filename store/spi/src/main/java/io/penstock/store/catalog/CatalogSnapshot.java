package io.penstock.store.catalog;

import io.penstock.storage.v1.Catalog;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.storage.v1.VersionEntry;
import org.jspecify.annotations.Nullable;

/** A catalog as it was read, with the write id that a compare-and-set against it expects. */
public record CatalogSnapshot(WriteId writeId, Catalog catalog) {
    /** The dataset's entry, or null. */
    public @Nullable DatasetEntry dataset(String name) {
        return findDataset(catalog, name);
    }

    /** The dataset's entry in a catalog, or null. */
    public static @Nullable DatasetEntry findDataset(Catalog catalog, String name) {
        for (DatasetEntry dataset : catalog.getDatasetsList()) {
            if (dataset.getName().equals(name)) {
                return dataset;
            }
        }
        return null;
    }

    /** The version with this generation, or null. */
    public static @Nullable VersionEntry findVersion(DatasetEntry dataset, long generation) {
        for (VersionEntry version : dataset.getVersionsList()) {
            if (version.getGeneration() == generation) {
                return version;
            }
        }
        return null;
    }

    /**
     * The generation a rollback without a named target goes to: the parent of what is current.
     *
     * @throws CatalogRefusedException if there is none
     */
    public static long defaultRollbackTarget(Catalog catalog, String name) throws CatalogRefusedException {
        DatasetEntry dataset = findDataset(catalog, name);
        if (dataset == null) {
            throw CatalogTransitions.unknownDataset(name);
        }
        VersionEntry current = findVersion(dataset, dataset.getCurrent());
        if (current == null || current.getParent() == 0) {
            throw new CatalogRefusedException(
                    CatalogRefusedException.Reason.UNKNOWN_VERSION,
                    name + ": there is no earlier version to go back to; publish corrected data");
        }
        return current.getParent();
    }
}
