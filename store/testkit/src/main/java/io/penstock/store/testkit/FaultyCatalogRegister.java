package io.penstock.store.testkit;

import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A register whose compare-and-set loses requests and replies and takes effect late. Watches go on undisturbed. */
final class FaultyCatalogRegister implements CatalogRegister {
    private final CatalogRegister inner;
    private final Faults faults;

    FaultyCatalogRegister(CatalogRegister inner, Faults faults) {
        this.inner = inner;
        this.faults = faults;
    }

    @Override
    public CompletionStage<Optional<byte[]>> read() {
        return Disturbance.async(faults, Operation.CATALOG_READ, inner::read);
    }

    @Override
    public CompletionStage<Optional<WriteId>> readWriteId() {
        return Disturbance.async(faults, Operation.CATALOG_POLL, inner::readWriteId);
    }

    @Override
    public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value) {
        return Disturbance.async(
                faults,
                Operation.CATALOG_CAS,
                () -> inner.compareAndSet(expected, value),
                () -> CompletableFuture.completedFuture(CasResult.UNKNOWN));
    }

    @Override
    public Watch watch(Runnable moved) {
        return inner.watch(moved);
    }
}
