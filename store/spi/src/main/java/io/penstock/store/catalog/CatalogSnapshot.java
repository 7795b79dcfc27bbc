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
}
