package io.penstock.store.memory;

import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Does everything at once, in the calling thread. */
final class MemoryBlobWriter implements BlobWriter {
    private final MemoryStore store;
    private final MemoryData data;
    private volatile boolean closed;

    MemoryBlobWriter(MemoryStore store, MemoryData data) {
        this.store = store;
        this.data = data;
    }

    @Override
    public CompletionStage<Void> put(List<Blob> blobs) {
        return answer(() -> {
            blobs.forEach(blob -> data.putBlob(blob.address(), blob.sealed()));
            return null;
        });
    }

    @Override
    public CompletionStage<Long> delete(List<BlobAddress> addresses) {
        return answer(() -> addresses.stream().filter(data::deleteBlob).count());
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
        return answer(() -> {
            List<byte @Nullable []> found = new ArrayList<>();
            addresses.forEach(address -> found.add(data.blob(address)));
            return found;
        });
    }

    @Override
    public CompletionStage<Void> barrier() {
        return answer(() -> null);
    }

    @Override
    public void scan(String namespace, Consumer<BlobAddress> each) {
        requireOpen();
        data.addresses(namespace).forEach(each);
    }

    @Override
    public void close() {
        closed = true;
    }

    private <T extends @Nullable Object> CompletionStage<T> answer(Supplier<T> action) {
        return Answers.of(() -> {
            requireOpen();
            return action.get();
        });
    }

    private void requireOpen() {
        store.requireOpen();
        if (closed) {
            throw MemoryStore.closedException("blob writer");
        }
    }
}
