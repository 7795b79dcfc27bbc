package io.penstock.store.memory;

import io.penstock.store.Store;
import io.penstock.store.StoreProvider;
import io.penstock.store.StoreUrl;
import java.util.Set;

/** Answers for {@code memory:<name>}; everybody in the JVM who opens the same name sees the same data. */
public final class MemoryStoreProvider implements StoreProvider {
    @Override
    public Set<String> schemes() {
        return Set.of("memory");
    }

    /** Opens the store of that name; it always exists, as a server in the network would. */
    @Override
    public Store open(StoreUrl url, boolean create) {
        url.requireOptions(Set.of());
        return MemoryStore.named(url.rest());
    }
}
