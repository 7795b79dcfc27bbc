package io.penstock.publisher.testing;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that remembers which blobs were read and written, each as often as it was. */
public final class CountingStore implements Store {
    public final Queue<BlobAddress> read = new ConcurrentLinkedQueue<>();
    public final Queue<BlobAddress> written = new ConcurrentLinkedQueue<>();
    private final Store inner;

    public CountingStore(Store inner) {
        this.inner = inner;
    }

    @Override
    public BlobWriter openWriter() {
        BlobWriter blobs = inner.openWriter();
        return new BlobWriter() {
            @Override
            public CompletionStage<Void> put(List<Blob> putting) {
                putting.forEach(blob -> written.add(blob.address()));
                return blobs.put(putting);
            }

            @Override
            public CompletionStage<Long> delete(List<BlobAddress> addresses) {
                return blobs.delete(addresses);
            }

            @Override
            public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
                read.addAll(addresses);
                return blobs.get(addresses);
            }

            @Override
            public CompletionStage<Void> barrier() {
                return blobs.barrier();
            }

            @Override
            public void scan(String namespace, Consumer<BlobAddress> each) {
                blobs.scan(namespace, each);
            }

            @Override
            public void close() {
                blobs.close();
            }
        };
    }

    @Override
    public String url() {
        return inner.url();
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        return inner.openReader(loop);
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return inner.catalog(namespace);
    }

    @Override
    public Presence presence(String namespace) {
        return inner.presence(namespace);
    }

    @Override
    public void checkHealth() {
        inner.checkHealth();
    }

    @Override
    public Headroom headroom() {
        return inner.headroom();
    }

    @Override
    public void close() {
        inner.close();
    }
}
