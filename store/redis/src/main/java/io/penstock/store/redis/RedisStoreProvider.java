package io.penstock.store.redis;

import io.penstock.store.Store;
import io.penstock.store.StoreProvider;
import io.penstock.store.StoreUrl;
import java.util.Set;

/** Answers for {@code redis:}, {@code redis-sentinel:} and {@code redis-cluster:}. */
public final class RedisStoreProvider implements StoreProvider {
    @Override
    public Set<String> schemes() {
        return RedisUrl.SCHEMES;
    }

    /** {@code create} means nothing: Redis has no files or tables to create. */
    @Override
    public Store open(StoreUrl url, boolean create) {
        return RedisStore.open(RedisUrl.parse(url, System.getenv()));
    }
}
