package io.penstock.store.lmdb;

import io.penstock.store.Store;
import io.penstock.store.StoreProvider;
import io.penstock.store.StoreUrl;
import java.util.Set;

/** Answers for {@code lmdb:<directory>[?map_size=…&max_readers=…]}. */
public final class LmdbStoreProvider implements StoreProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("lmdb");
    }

    @Override
    public Store open(StoreUrl url, boolean create) {
        return LmdbStore.open(LmdbConfig.of(url), create, System::nanoTime);
    }
}
