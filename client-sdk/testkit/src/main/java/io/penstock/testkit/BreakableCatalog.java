package io.penstock.testkit;

import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The catalog as the server sees it. While adoption is paused it stands still: confirmed, and old, as for a server that is
 * late.
 */
final class BreakableCatalog implements CatalogRegister {
    private final CatalogRegister inner;
    private final String namespace;
    private final StoreFaults faults;

    BreakableCatalog(CatalogRegister inner, String namespace, StoreFaults faults) {
        this.inner = inner;
        this.namespace = namespace;
        this.faults = faults;
    }

    @Override
    public CompletionStage<Optional<byte[]>> read() {
        if (faults.isUnreachable()) {
            return CompletableFuture.failedFuture(StoreFaults.failure());
        }
        return faults.pausedCatalog(namespace)
                .<CompletionStage<Optional<byte[]>>>map(CompletableFuture::completedFuture)
                .orElseGet(inner::read);
    }

    @Override
    public CompletionStage<Optional<WriteId>> readWriteId() {
        return read().thenApply(value -> value.map(bytes -> WriteId.of(ByteBuffer.wrap(bytes))));
    }

    @Override
    public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value) {
        return inner.compareAndSet(expected, value);
    }

    @Override
    public Watch watch(Runnable moved) {
        return inner.watch(moved);
    }
}
