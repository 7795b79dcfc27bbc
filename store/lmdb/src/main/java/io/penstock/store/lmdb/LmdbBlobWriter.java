package io.penstock.store.lmdb;

import io.penstock.store.StoreException;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hands blobs to the environment's writer thread, at most a window of bytes at a time. */
final class LmdbBlobWriter implements BlobWriter {
    /** Unconfirmed bytes beyond which a put blocks. A single larger put is let through when nothing else waits. */
    static final long WINDOW_BYTES = 32L << 20;

    /** What an address counts in the window. */
    private static final int ADDRESS_BYTES = 256;

    /** Keys a scan reads in one snapshot. */
    private static final int SCAN_KEYS = 10_000;

    private final LmdbStore store;

    // Guarded by this.
    private long pendingBytes;
    private int pending;
    private boolean closed;

    LmdbBlobWriter(LmdbStore store) {
        this.store = store;
    }

    @Override
    public CompletionStage<Void> put(List<Blob> blobs) {
        long bytes = 0;
        for (Blob blob : blobs) {
            bytes += ADDRESS_BYTES + blob.sealed().length;
        }
        PutBlobs put = new PutBlobs(blobs, store.environment());
        return write(put, put.result().thenApply(done -> null), bytes);
    }

    @Override
    public CompletionStage<Long> delete(List<BlobAddress> addresses) {
        DeleteBlobs delete = new DeleteBlobs(addresses);
        return write(delete, delete.result(), (long) ADDRESS_BYTES * addresses.size());
    }

    private <T extends @Nullable Object> CompletionStage<T> write(
            Write<?> write, CompletableFuture<T> result, long bytes) {
        enter(bytes);
        store.environment().writes().submit(write);
        return leaving(result, bytes);
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
        List<BlobAddress> asked = List.copyOf(addresses);
        enter(0);
        return leaving(
                store.read(snapshot -> {
                    List<byte @Nullable []> values = new ArrayList<>(asked.size());
                    for (BlobAddress address : asked) {
                        values.add(snapshot.copy(address.keyNameBytes()));
                    }
                    return values;
                }),
                0);
    }

    /** Flushes the last commit; LMDB has flushed those before it. */
    @Override
    public CompletionStage<Void> barrier() {
        enter(0);
        return leaving(
                store.read(snapshot -> {
                            store.environment().env().sync(true);
                            return true;
                        })
                        .thenApply(synced -> null),
                0);
    }

    @Override
    public void scan(String namespace, Consumer<BlobAddress> each) {
        enter(0);
        LmdbEnvironment environment;
        try {
            environment = store.retained();
        } catch (StoreException e) {
            leave();
            throw e;
        }
        try (Snapshot snapshot = environment.newSnapshot()) {
            String prefix = BlobAddress.prefix(namespace);
            byte[] from = KeyNames.ascii(prefix);
            List<BlobAddress> found = new ArrayList<>();
            while (from != null) {
                found.clear();
                from = scanSome(snapshot, prefix, from, found);
                found.forEach(each); // with no snapshot held, however long it takes
            }
        } catch (RuntimeException e) {
            throw e instanceof StoreException ? e : LmdbErrors.of(e, environment.directory());
        } finally {
            environment.release();
            leave();
        }
    }

    /** Collects addresses; returns the key to go on from, or null at the end. */
    private static byte @Nullable [] scanSome(Snapshot snapshot, String prefix, byte[] from, List<BlobAddress> found) {
        byte[][] next = new byte[1][];
        int[] keys = {0};
        snapshot.begin();
        try {
            snapshot.keysFrom(from, (key, value) -> {
                String name = KeyNames.text(key);
                if (!name.startsWith(prefix)) {
                    return false;
                }
                if (keys[0]++ == SCAN_KEYS) {
                    next[0] = key;
                    return false;
                }
                BlobAddress.parse(name).ifPresent(found::add);
                return true;
            });
        } finally {
            snapshot.end();
        }
        return next[0];
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        waitWhile(() -> pending > 0);
    }

    /**
     * Waits for room in the window.
     *
     * @throws StoreException {@code CLOSED}
     */
    private synchronized void enter(long bytes) {
        waitWhile(() -> bytes > 0 && pendingBytes > 0 && pendingBytes + bytes > WINDOW_BYTES && !closed);
        if (closed) {
            throw LmdbErrors.closed("blob writer of store " + store.url());
        }
        store.requireOpen();
        pending++;
        pendingBytes += bytes;
    }

    private synchronized void makeRoom(long bytes) {
        pendingBytes -= bytes;
        notifyAll();
    }

    private synchronized void leave() {
        pending--;
        notifyAll();
    }

    /** Makes room before anybody hears of the result, and lets {@link #close} go on when everybody has. */
    private <T extends @Nullable Object> CompletionStage<T> leaving(CompletableFuture<T> result, long bytes) {
        CompletableFuture<T> told = new CompletableFuture<>();
        var unused = result.whenComplete((value, error) -> {
            makeRoom(bytes);
            if (error == null) {
                told.complete(value);
            } else {
                told.completeExceptionally(error);
            }
            leave();
        });
        return told;
    }

    /** Waits unless the caller is one of the store's own threads: they are the ones who make room. */
    private synchronized void waitWhile(BooleanSupplier condition) {
        while (condition.getAsBoolean() && !store.environment().isOwnThread()) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException(
                        StoreException.Code.INTERNAL, "interrupted while waiting for store " + store.url(), e);
            }
        }
    }

    private static final class PutBlobs extends Write<Boolean> {
        private final List<Blob> blobs;
        private final LmdbEnvironment environment;
        private int committed;
        private int next;

        PutBlobs(List<Blob> blobs, LmdbEnvironment environment) {
            this.blobs = List.copyOf(blobs);
            this.environment = environment;
        }

        @Override
        boolean step(WriteTransaction transaction) {
            while (next < blobs.size()) {
                if (transaction.isSpent()) {
                    return false;
                }
                Blob blob = blobs.get(next++);
                put(transaction, blob);
            }
            return true;
        }

        private void put(WriteTransaction transaction, Blob blob) {
            if (!transaction.fits(blob.sealed().length)) {
                throw LmdbErrors.full(environment.directory(), null);
            }
            if (!transaction.putOnce(blob.address().keyNameBytes(), blob.sealed())) {
                throw new StoreException(
                        StoreException.Code.INTERNAL,
                        "blob " + blob.address()
                                + " is already there with other bytes; an address is never written twice");
            }
        }

        @Override
        void committed() {
            committed = next;
        }

        @Override
        void rolledBack() {
            next = committed;
        }

        @Override
        Boolean value() {
            return true;
        }
    }

    private static final class DeleteBlobs extends Write<Long> {
        private final List<BlobAddress> addresses;
        private int committed;
        private long committedDeletes;
        private int next;
        private long deletes;

        DeleteBlobs(List<BlobAddress> addresses) {
            this.addresses = List.copyOf(addresses);
        }

        @Override
        boolean step(WriteTransaction transaction) {
            while (next < addresses.size()) {
                if (transaction.isSpent()) {
                    return false;
                }
                if (transaction.delete(addresses.get(next++).keyNameBytes())) {
                    deletes++;
                }
            }
            return true;
        }

        @Override
        void committed() {
            committed = next;
            committedDeletes = deletes;
        }

        @Override
        void rolledBack() {
            next = committed;
            deletes = committedDeletes;
        }

        @Override
        Long value() {
            return deletes;
        }
    }
}
