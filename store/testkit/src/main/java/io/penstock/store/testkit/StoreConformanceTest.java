package io.penstock.store.testkit;

import io.penstock.store.Store;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every backend passes. A backend's whole test class extends this one and says how to open the data of one test,
 * how to destroy it, and how to damage a presence record; it overrides {@link #isPersistent} or {@link #refusesRewrites}
 * where the default is not true of it.
 *
 * <p>The behaviours stand in one interface each: {@link BlobReaderConformance}, {@link BlobWriterConformance}, {@link
 * CatalogConformance}, {@link HistoryConformance}, {@link PresenceConformance}, {@link LifecycleConformance}.
 */
public abstract class StoreConformanceTest
        implements BlobReaderConformance,
                BlobWriterConformance,
                CatalogConformance,
                HistoryConformance,
                PresenceConformance,
                LifecycleConformance {
    private @Nullable Store store;

    @BeforeEach
    final void openStore() {
        store = open();
    }

    @AfterEach
    final void closeAndDestroy() throws Exception {
        store().close();
        destroy();
    }

    /** Deletes the data of the test that has just run; every handle is closed. */
    protected abstract void destroy() throws Exception;

    @Override
    public final Store store() {
        return Objects.requireNonNull(store);
    }
}
