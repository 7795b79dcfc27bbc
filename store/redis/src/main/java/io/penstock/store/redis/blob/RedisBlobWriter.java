package io.penstock.store.redis.blob;

import io.penstock.store.StoreException;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.redis.blob.WriterCommand.Delete;
import io.penstock.store.redis.blob.WriterCommand.Fetch;
import io.penstock.store.redis.blob.WriterCommand.Put;
import io.penstock.store.redis.connection.Lane;
import io.penstock.store.redis.connection.NodeAddress;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.connection.RedisErrors;
import io.penstock.store.redis.connection.Reply;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends blobs over the store's bulk connections, pipelined, with at most a window of bytes unconfirmed. Several blobs make
 * one command where there is no cluster; a command stays small, because Redis serves nobody else while it runs.
 */
public final class RedisBlobWriter implements BlobWriter {
    /** Unconfirmed bytes beyond which a put blocks. A single larger put is let through when nothing else waits. */
    static final long WINDOW_BYTES = 8L << 20;

    /** Bytes of values in one command, unless a single value is larger. */
    static final int COMMAND_BYTES = 16 << 10;

    static final int KEYS_PER_COMMAND = 64;

    /** What an address counts in the window. */
    private static final int ADDRESS_BYTES = 256;

    private static final String SCAN_COUNT = "1000";

    private final RedisConnections connections;
    private final DurabilityBarrier barrier;

    // Guarded by this.
    private long pendingBytes;
    private int pending;
    private boolean closed;
    private @Nullable CompletionStage<Void> begun;

    public RedisBlobWriter(RedisConnections connections, DurabilityBarrier barrier) {
        this.connections = connections;
        this.barrier = barrier;
    }

    @Override
    public CompletionStage<Void> put(List<Blob> blobs) {
        List<Blob> asked = List.copyOf(blobs);
        long bytes = 0;
        for (Blob blob : asked) {
            bytes += ADDRESS_BYTES + blob.sealed().length;
        }
        enter(bytes);
        WriterCall<@Nullable Void> call = new WriterCall<>(count -> null);
        CompletionStage<Void> ready = begun(); // before the blobs, over the same connections
        connections.onLane(Lane.BULK, call.result(), links -> {
            int from = 0;
            while (from < asked.size()) {
                int to = endOfCommand(asked, from, links.isCluster());
                List<Blob> part = asked.subList(from, to);
                byte[][] keys = new byte[to - from][];
                int size = 0;
                for (int i = 0; i < keys.length; i++) {
                    keys[i] = part.get(i).address().keyNameBytes();
                    size += keys[i].length + part.get(i).sealed().length;
                }
                call.send(links, keys[0], new Put(call, keys, part, size));
                from = to;
            }
            call.sent();
        });
        return leaving(call.result().thenCombine(ready, (done, known) -> null), bytes);
    }

    private static int endOfCommand(List<Blob> blobs, int from, boolean single) {
        int to = from + 1;
        long bytes = blobs.get(from).sealed().length;
        while (!single && to < blobs.size() && to - from < KEYS_PER_COMMAND) {
            bytes += blobs.get(to).sealed().length;
            if (bytes > COMMAND_BYTES) {
                break;
            }
            to++;
        }
        return to;
    }

    @Override
    public CompletionStage<Long> delete(List<BlobAddress> addresses) {
        byte[][] keys = keys(addresses);
        long bytes = (long) ADDRESS_BYTES * keys.length;
        enter(bytes);
        WriterCall<Long> call = new WriterCall<>(count -> count);
        connections.onLane(Lane.BULK, call.result(), links -> {
            int most = links.isCluster() ? 1 : KEYS_PER_COMMAND;
            for (int from = 0; from < keys.length; from += most) {
                byte[][] part = Arrays.copyOfRange(keys, from, Math.min(keys.length, from + most));
                call.send(links, part[0], new Delete(call, part));
            }
            call.sent();
        });
        return leaving(call.result(), bytes);
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
        byte[][] keys = keys(addresses);
        enter(0);
        byte[] @Nullable [] values = new byte[keys.length][];
        WriterCall<List<byte @Nullable []>> call =
                new WriterCall<>(count -> Collections.unmodifiableList(Arrays.asList(values)));
        connections.onLane(Lane.BULK, call.result(), links -> {
            int most = links.isCluster() ? 1 : KEYS_PER_COMMAND;
            for (int from = 0; from < keys.length; from += most) {
                byte[][] part = Arrays.copyOfRange(keys, from, Math.min(keys.length, from + most));
                call.send(links, part[0], new Fetch(call, part, values, from));
            }
            call.sent();
        });
        return leaving(call.result(), 0);
    }

    private static byte[][] keys(List<BlobAddress> addresses) {
        byte[][] keys = new byte[addresses.size()][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = addresses.get(i).keyNameBytes();
        }
        return keys;
    }

    @Override
    public CompletionStage<Void> barrier() {
        enter(0);
        CompletableFuture<Void> passed =
                begun().thenCompose(known -> barrier.pass()).toCompletableFuture();
        return leaving(passed, 0);
    }

    @Override
    public void scan(String namespace, Consumer<BlobAddress> each) {
        enter(0);
        try {
            if (connections.isOwnThread()) {
                throw new IllegalStateException("scan blocks; it is not for the store's own threads");
            }
            String pattern = literally(BlobAddress.prefix(namespace)) + "*";
            for (NodeAddress primary : connections.topology().primaries()) {
                scan(primary, pattern, each);
            }
        } finally {
            leave();
        }
    }

    private void scan(NodeAddress primary, String pattern, Consumer<BlobAddress> each) {
        String cursor = "0";
        do {
            Reply page = await(connections.callNode(
                            Lane.BULK,
                            primary,
                            RedisConnections.words("SCAN", cursor, "MATCH", pattern, "COUNT", SCAN_COUNT)))
                    .get(0);
            cursor = page.list().get(0).text();
            for (Reply key : page.list().get(1).list()) {
                BlobAddress.parse(key.text()).ifPresent(each);
            }
        } while (!cursor.equals("0"));
    }

    /** Names have no wildcards in them; should they ever, they mean themselves. */
    private static String literally(String text) {
        return text.replaceAll("[\\\\*?\\[\\]]", "\\\\$0");
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException store ? store : e;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        waitWhile(() -> pending > 0);
    }

    private synchronized CompletionStage<Void> begun() {
        if (begun == null) {
            begun = barrier.begin();
        }
        return begun;
    }

    /**
     * Waits for room in the window.
     *
     * @throws StoreException {@code CLOSED}
     */
    private synchronized void enter(long bytes) {
        waitWhile(() -> bytes > 0
                && pendingBytes > 0
                && pendingBytes + bytes > WINDOW_BYTES
                && !closed
                && !connections.isClosed());
        if (closed) {
            throw RedisErrors.closed("blob writer of store " + connections.url());
        }
        connections.requireOpen();
        pending++;
        pendingBytes += bytes;
    }

    private synchronized void release(long bytes) {
        pendingBytes -= bytes;
        notifyAll();
    }

    private synchronized void leave() {
        pending--;
        notifyAll();
    }

    /** Leaves the window before anybody hears of the result, and lets {@link #close} return only after. */
    private <T extends @Nullable Object> CompletionStage<T> leaving(CompletableFuture<T> result, long bytes) {
        CompletableFuture<T> told = new CompletableFuture<>();
        var unused = result.whenComplete((value, error) -> {
            release(bytes);
            if (error == null) {
                told.complete(value);
            } else {
                told.completeExceptionally(
                        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            }
            leave();
        });
        return told;
    }

    /** Waits unless the caller is one of the store's own threads: they are the ones who make room. */
    private synchronized void waitWhile(BooleanSupplier condition) {
        while (condition.getAsBoolean() && !connections.isOwnThread()) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException(
                        StoreException.Code.INTERNAL, "interrupted while waiting for store " + connections.url(), e);
            }
        }
    }
}
