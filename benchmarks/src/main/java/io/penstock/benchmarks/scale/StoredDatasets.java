package io.penstock.benchmarks.scale;

import io.penstock.benchmarks.data.SyntheticData;
import io.penstock.benchmarks.data.SyntheticPublisher;
import io.penstock.storage.v1.DatasetEntry;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.Stores;
import io.penstock.store.catalog.CatalogClient;
import java.util.SplittableRandom;

/** What a store holds already. */
final class StoredDatasets {
    private StoredDatasets() {}

    /** Whether the dataset has a current version; a store that is not there holds none. */
    static boolean isThere(String url, SyntheticData data) {
        try (Store store = Stores.open(url, false)) {
            CatalogClient catalog = new CatalogClient(
                    store.catalog(SyntheticPublisher.NAMESPACE), SyntheticPublisher.NAMESPACE, new SplittableRandom());
            return catalog.read()
                    .map(snapshot -> snapshot.dataset(data.dataset()))
                    .map(DatasetEntry::getCurrent)
                    .filter(generation -> generation != 0)
                    .isPresent();
        } catch (StoreException e) {
            if (e.code() == StoreException.Code.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
