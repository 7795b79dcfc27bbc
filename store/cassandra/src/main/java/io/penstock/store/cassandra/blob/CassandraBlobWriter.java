package io.penstock.store.cassandra.blob;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.penstock.store.StoreException;
import io.penstock.store.blob.Blob;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.cassandra.connection.CassandraErrors;
import io.penstock.store.cassandra.connection.Sessions;
import io.penstock.store.cassandra.schema.Statements;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A statement a blob, routed to a node that has it; no batches, which would burden one node with what is others'. A put is
 * confirmed by a quorum (of each data centre), so that there is nothing left for a barrier to wait for.
 */
public final class CassandraBlobWriter implements BlobWriter {
    /** Unconfirmed bytes beyond which a put blocks. A single larger put is let through when nothing else waits. */
    static final long WINDOW_BYTES = 8L << 20;

    /** What an address counts in the window. */
    private static final int ADDRESS_BYTES = 256;

    private final Sessions sessions;
    private final Statements statements;
    private final CompletionStage<WriteSession> session;
    private final CompletionStage<Outbox> outbox;

    // Guarded by this.
    private long pendingBytes;
    private int pending;
    private boolean closed;

    /** @param session of all writers of the store; not closed by this one */
    public CassandraBlobWriter(Sessions sessions, Statements statements, CompletionStage<WriteSession> session) {
        this.sessions = sessions;
        this.statements = statements;
        this.session = session;
        this.outbox = session.thenApply(ready -> new Outbox(sessions, ready.session()));
    }

    @Override
    public CompletionStage<Void> put(List<Blob> blobs) {
        List<Blob> asked = List.copyOf(blobs);
        long bytes = 0;
        for (Blob blob : asked) {
            bytes += ADDRESS_BYTES + blob.sealed().length;
        }
        enter(bytes);
        return leaving(
                all(ready -> asked.stream()
                                .map(blob -> ready.insert()
                                        .boundStatementBuilder()
                                        .setBytesUnsafe(0, key(blob.address()))
                                        .setBytesUnsafe(1, ByteBuffer.wrap(blob.sealed()))
                                        .build())
                                .toList())
                        .thenApply(done -> null),
                bytes);
    }

    @Override
    public CompletionStage<Long> delete(List<BlobAddress> addresses) {
        List<BlobAddress> asked = List.copyOf(addresses);
        long bytes = (long) ADDRESS_BYTES * asked.size();
        enter(bytes);
        return leaving(
                all(ready -> asked.stream()
                                .map(address -> ready.delete()
                                        .boundStatementBuilder()
                                        .setBytesUnsafe(0, key(address))
                                        .build())
                                .toList())
                        .thenApply(done -> -1L), // Cassandra deletes without looking
                bytes);
    }

    @Override
    public CompletionStage<List<byte @Nullable []>> get(List<BlobAddress> addresses) {
        List<BlobAddress> asked = List.copyOf(addresses);
        enter(0);
        return leaving(
                all(ready -> asked.stream()
                                .map(address -> ready.read()
                                        .boundStatementBuilder()
                                        .setBytesUnsafe(0, key(address))
                                        .build())
                                .toList())
                        .thenApply(CassandraBlobWriter::values),
                0);
    }

    private static List<byte @Nullable []> values(List<AsyncResultSet> answers) {
        List<byte @Nullable []> values = new ArrayList<>();
        for (AsyncResultSet answer : answers) {
            Row row = answer.one();
            ByteBuffer value = row == null ? null : row.getBytesUnsafe(0);
            if (value == null) {
                values.add(null);
            } else {
                byte[] bytes = new byte[value.remaining()];
                value.get(bytes);
                values.add(bytes);
            }
        }
        return Collections.unmodifiableList(values);
    }

    @Override
    public CompletionStage<Void> barrier() {
        enter(0);
        return leaving(session.thenApply(ready -> null), 0);
    }

    @Override
    public void scan(String namespace, Consumer<BlobAddress> each) {
        enter(0);
        try {
            if (sessions.isOwnThread()) {
                throw new IllegalStateException("scan blocks; it is not for the store's own threads");
            }
            String prefix = BlobAddress.prefix(namespace);
            WriteSession ready = sessions.await(session);
            AsyncResultSet page = sessions.await(ready.session().executeAsync(statements.listBlobs()));
            while (true) {
                for (Row row : page.currentPage()) {
                    String key = row.getString(0);
                    if (key != null && key.startsWith(prefix)) {
                        BlobAddress.parse(key).ifPresent(each);
                    }
                }
                if (!page.hasMorePages()) {
                    return;
                }
                page = sessions.await(page.fetchNextPage());
            }
        } finally {
            leave(0);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
        waitWhile(() -> pending > 0);
    }

    private static ByteBuffer key(BlobAddress address) {
        return ByteBuffer.wrap(address.keyNameBytes());
    }

    /** What statements a call is made of, once there is a session to bind them on. */
    private interface Bound {
        List<BoundStatement> on(WriteSession session);
    }

    /** Sends all; done once all have ended, with the first failure if one failed. */
    private CompletionStage<List<AsyncResultSet>> all(Bound bound) {
        return session.thenCombine(outbox, (ready, out) -> {
                    List<CompletableFuture<AsyncResultSet>> parts = new ArrayList<>();
                    for (BoundStatement statement : bound.on(ready)) {
                        parts.add(out.send(statement).toCompletableFuture());
                    }
                    return parts;
                })
                .thenCompose(parts -> CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
                        .thenApply(done ->
                                parts.stream().map(CompletableFuture::join).toList()));
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
                && !sessions.isClosed());
        if (closed) {
            throw CassandraErrors.closed(
                    "blob writer of store " + sessions.config().url());
        }
        sessions.requireOpen();
        pending++;
        pendingBytes += bytes;
    }

    private synchronized void release(long bytes) {
        pendingBytes -= bytes;
        notifyAll();
    }

    private synchronized void leave(long bytes) {
        pending--;
        pendingBytes -= bytes;
        notifyAll();
    }

    /** Leaves the window before anybody hears of the result, and lets {@link #close} return only after. */
    private <T extends @Nullable Object> CompletionStage<T> leaving(CompletionStage<T> result, long bytes) {
        CompletableFuture<T> told = new CompletableFuture<>();
        var unused = result.whenComplete((value, error) -> {
            release(bytes);
            if (error == null) {
                told.complete(value);
            } else {
                told.completeExceptionally(sessions.failure(error));
            }
            leave(0);
        });
        return told;
    }

    /** Waits unless the caller is one of the store's own threads: they are the ones who make room. */
    private synchronized void waitWhile(BooleanSupplier condition) {
        while (condition.getAsBoolean() && !sessions.isOwnThread()) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreException(
                        StoreException.Code.INTERNAL,
                        "interrupted while waiting for store "
                                + sessions.config().url(),
                        e);
            }
        }
    }
}
