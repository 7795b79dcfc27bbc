package io.penstock.store.memory;

import io.penstock.store.DatasetId;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Linearizable: each step holds the data's lock. Watchers are called by whoever moves the register. */
final class MemoryCatalogRegister implements CatalogRegister {
    private final MemoryStore store;
    private final MemoryData data;
    private final String namespace;

    MemoryCatalogRegister(MemoryStore store, MemoryData data, String namespace) {
        this.store = store;
        this.data = data;
        this.namespace = DatasetId.requireNamespace(namespace);
    }

    @Override
    public CompletionStage<Optional<byte[]>> read() {
        return Answers.of(() -> {
            store.requireOpen();
            return Optional.ofNullable(data.catalog(namespace));
        });
    }

    @Override
    public CompletionStage<Optional<WriteId>> readWriteId() {
        return read().thenApply(value -> value.map(bytes -> WriteId.of(ByteBuffer.wrap(bytes))));
    }

    @Override
    public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value) {
        if (value.length < WriteId.BYTES) {
            throw new IllegalArgumentException(
                    "catalog value: " + value.length + " bytes (expected: >= " + WriteId.BYTES + ")");
        }
        return Answers.of(() -> {
            store.requireOpen();
            return data.compareAndSet(namespace, expected, value);
        });
    }

    @Override
    public Watch watch(Runnable moved) {
        store.requireOpen();
        MemoryData.Watcher watcher = data.watch(namespace, () -> {
            if (!store.isClosed()) {
                moved.run();
            }
        });
        return () -> data.unwatch(watcher);
    }
}
