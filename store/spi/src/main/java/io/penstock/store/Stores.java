package io.penstock.store;

import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/** Opens stores by URL with whatever backends are on the class path. */
public final class Stores {
    private Stores() {}

    /**
     * Opens the store a URL names. Blocks while it connects.
     *
     * @param create as in {@link StoreProvider#open}
     * @throws StoreException {@code INVALID_URL}, {@code NOT_FOUND} or {@code UNREACHABLE}
     */
    public static Store open(String url, boolean create) {
        StoreUrl parsed = StoreUrl.parse(url);
        Set<String> schemes = new TreeSet<>();
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (provider.schemes().contains(parsed.scheme())) {
                return provider.open(parsed, create);
            }
            schemes.addAll(provider.schemes());
        }
        throw new StoreException(
                StoreException.Code.INVALID_URL,
                "store URL: no backend for '" + parsed.scheme() + ":' (expected: one of " + schemes + ")");
    }
}
