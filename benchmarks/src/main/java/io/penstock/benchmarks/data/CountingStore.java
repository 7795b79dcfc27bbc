package io.penstock.benchmarks.data;

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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that counts the bytes of the blobs put into it: names and values, every kind. */
final class CountingStore implements Store {
    private final Store store;
    private final LongAdder bytes = new LongAdder();

    CountingStore(Store store) {
        this.store = store;
    }

    long bytesPut() {
        return bytes.sum();
    }

    @Override
    public String url() {
        return store.url();
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        return store.openReader(loop);
    }

    @Override
    public BlobWriter openWriter() {
        return new CountingWriter(store.openWriter());
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return store.catalog(namespace);
    }

    @Override
    public Presence presence(String namespace) {
        return store.presence(namespace);
    }

    @Override
    public void checkHealth() {
        store.checkHealth();
    }

    @Override
    public Headroom headroom() {
        return store.headroom();
    }

    @Override
    public void close() {
        store.close();
    }

    private final class CountingWriter implements BlobWriter {
        private final BlobWriter writer;

        CountingWriter(BlobWriter writer) {
            this.writer = writer;
        }

        @Override
        public CompletionStage<Void> put(List<Blob> blobs) {
            for (Blob blob : blobs) {
                bytes.add(blob.address().keyName().length() + blob.sealed().length);
            }
            return writer.put(blobs);
        }

        @Override
        public CompletionStage<Long> delete(List<BlobAddress> addresses) {
            return writer.delete(addresses);
        }

        @Override
        public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
            return writer.get(addresses);
        }

        @Override
        public CompletionStage<Void> barrier() {
            return writer.barrier();
        }

        @Override
        public void scan(String namespace, Consumer<BlobAddress> each) {
            writer.scan(namespace, each);
        }

        @Override
        public void close() {
            writer.close();
        }
    }
}
