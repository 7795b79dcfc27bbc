package io.penstock.store.cassandra;

import io.penstock.store.Store;
import io.penstock.store.StoreProvider;
import io.penstock.store.StoreUrl;
import java.util.Set;

/** Answers for {@code cassandra:}. */
public final class CassandraStoreProvider implements StoreProvider {
    @Override
    public Set<String> schemes() {
        return Set.of(CassandraUrl.SCHEME);
    }

    /** {@code create}: the keyspace, if the URL says how it is replicated, and its tables. */
    @Override
    public Store open(StoreUrl url, boolean create) {
        return CassandraStore.open(CassandraUrl.parse(url, System.getenv()), create);
    }
}
