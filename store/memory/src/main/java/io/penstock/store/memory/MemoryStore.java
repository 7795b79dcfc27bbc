package io.penstock.store.memory;

import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * A handle to data in the heap. Several handles may share one set of data, as several processes share a server; closing
 * a handle closes nothing of the others and loses no data.
 *
 * <p>Simple on purpose: one lock around the data, answers in the calling thread, copies on the way in and out. What it
 * refuses (a blob changed in place, a reader used off its loop) other backends may not notice, but nobody may do.
 */
public final class MemoryStore implements Store {
    private static final Map<String, MemoryData> NAMED = new ConcurrentHashMap<>();

    private final String url;
    private final MemoryData data;
    private volatile boolean closed;

    private MemoryStore(String url, MemoryData data) {
        this.url = url;
        this.data = data;
    }

    /** A handle to new data that nobody else sees. */
    public MemoryStore() {
        this(System::nanoTime);
    }

    /**
     * A handle to new data that nobody else sees.
     *
     * @param nanoClock monotonic; what presence records expire by
     */
    public MemoryStore(LongSupplier nanoClock) {
        this("memory:", new MemoryData(nanoClock));
    }

    /** A handle to the data everybody in this JVM shares under a name; it lives as long as the JVM. */
    public static MemoryStore named(String name) {
        return new MemoryStore(
                "memory:" + name, NAMED.computeIfAbsent(name, unused -> new MemoryData(System::nanoTime)));
    }

    /** Another handle to the same data, whether or not this one is closed. */
    public MemoryStore reopen() {
        return new MemoryStore(url, data);
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        requireOpen();
        return new MemoryBlobReader(this, data, loop);
    }

    @Override
    public BlobWriter openWriter() {
        requireOpen();
        return new MemoryBlobWriter(this, data);
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return new MemoryCatalogRegister(this, data, namespace);
    }

    @Override
    public Presence presence(String namespace) {
        return new MemoryPresence(this, data, namespace);
    }

    @Override
    public void checkHealth() {
        requireOpen();
    }

    @Override
    public Headroom headroom() {
        requireOpen();
        return new Headroom(data.blobBytes(), -1);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** For tests: damages a presence record as it stands. */
    public void damagePresence(String namespace, String id) {
        data.damagePresence(namespace, id);
    }

    boolean isClosed() {
        return closed;
    }

    void requireOpen() {
        if (closed) {
            throw closedException(url);
        }
    }

    static StoreException closedException(String what) {
        return new StoreException(StoreException.Code.CLOSED, what + " is closed; open it again");
    }
}
