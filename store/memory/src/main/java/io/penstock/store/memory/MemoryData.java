package io.penstock.store.memory;

import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.catalog.CatalogRegister.CasResult;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.presence.PresenceCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a memory store holds: every method is one atomic step under one lock. */
final class MemoryData {
    private final LongSupplier nanoClock;

    // Guarded by this. No array in them is ever handed out or changed.
    private final Map<BlobAddress, byte[]> blobs = new HashMap<>();
    private final Map<String, byte[]> catalogs = new HashMap<>();
    private final Map<String, Map<String, Expiring>> presence = new HashMap<>();
    private long blobBytes;

    /** Who watches which namespace; called without the lock. */
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    MemoryData(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    synchronized byte @Nullable [] blob(BlobAddress address) {
        byte[] sealed = blobs.get(address);
        return sealed == null ? null : sealed.clone();
    }

    /** @throws StoreException {@code INTERNAL} if other bytes stand there: a blob never changes in place */
    synchronized void putBlob(BlobAddress address, byte[] sealed) {
        byte[] present = blobs.putIfAbsent(address, sealed.clone());
        if (present == null) {
            blobBytes += sealed.length;
        } else if (!Arrays.equals(present, sealed)) {
            throw new StoreException(
                    StoreException.Code.INTERNAL,
                    "blob " + address + " is already there with other bytes; an address is never written twice");
        }
    }

    synchronized boolean deleteBlob(BlobAddress address) {
        byte[] removed = blobs.remove(address);
        if (removed == null) {
            return false;
        }
        blobBytes -= removed.length;
        return true;
    }

    synchronized List<BlobAddress> addresses(String namespace) {
        List<BlobAddress> found = new ArrayList<>();
        for (BlobAddress address : blobs.keySet()) {
            if (address.dataset().namespace().equals(namespace)) {
                found.add(address);
            }
        }
        return found;
    }

    synchronized long blobBytes() {
        return blobBytes;
    }

    synchronized byte @Nullable [] catalog(String namespace) {
        byte[] value = catalogs.get(namespace);
        return value == null ? null : value.clone();
    }

    CasResult compareAndSet(String namespace, @Nullable WriteId expected, byte[] value) {
        synchronized (this) {
            byte[] present = catalogs.get(namespace);
            WriteId actual = present == null ? null : WriteId.of(ByteBuffer.wrap(present));
            boolean asExpected = expected == null ? actual == null : expected.equals(actual);
            if (!asExpected) {
                return CasResult.CONFLICT;
            }
            catalogs.put(namespace, value.clone());
        }
        for (Watcher watcher : watchers) {
            if (watcher.namespace.equals(namespace)) {
                watcher.moved.run();
            }
        }
        return CasResult.APPLIED;
    }

    Watcher watch(String namespace, Runnable moved) {
        Watcher watcher = new Watcher(namespace, moved);
        watchers.add(watcher);
        return watcher;
    }

    void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    synchronized void putPresence(String namespace, PresenceRecord record, Duration ttl) {
        byte[] sealed = PresenceCodec.encode(namespace, record);
        presence.computeIfAbsent(namespace, unused -> new HashMap<>())
                .put(record.getId(), new Expiring(sealed, nanoClock.getAsLong() + ttl.toNanos()));
    }

    synchronized void removePresence(String namespace, String id) {
        presence.getOrDefault(namespace, Map.of()).remove(id);
    }

    synchronized List<PresenceRecord> livePresence(String namespace) {
        Map<String, Expiring> records = presence.getOrDefault(namespace, Map.of());
        long now = nanoClock.getAsLong();
        records.values().removeIf(record -> now - record.expiresAtNanos >= 0);
        List<PresenceRecord> live = new ArrayList<>();
        records.forEach((id, record) -> PresenceCodec.decode(namespace, id, ByteBuffer.wrap(record.sealed))
                .ifPresent(live::add));
        return live;
    }

    synchronized void damagePresence(String namespace, String id) {
        Expiring record = presence.getOrDefault(namespace, Map.of()).get(id);
        if (record == null) {
            throw new IllegalArgumentException("presence id: '" + id + "' (expected: one that is there)");
        }
        record.sealed[0] ^= 1;
    }

    private static final class Expiring {
        private final byte[] sealed;
        private final long expiresAtNanos;

        private Expiring(byte[] sealed, long expiresAtNanos) {
            this.sealed = sealed;
            this.expiresAtNanos = expiresAtNanos;
        }
    }

    /** Compared by identity, so that one callback may watch twice. */
    static final class Watcher {
        private final String namespace;
        private final Runnable moved;

        private Watcher(String namespace, Runnable moved) {
            this.namespace = namespace;
            this.moved = moved;
        }
    }
}
