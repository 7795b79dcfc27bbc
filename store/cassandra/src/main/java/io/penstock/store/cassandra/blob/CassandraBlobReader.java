package io.penstock.store.cassandra.blob;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.netty.channel.EventLoop;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobAddress;
import io.penstock.store.blob.BlobCallback;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.cassandra.connection.CassandraErrors;
import io.penstock.store.cassandra.connection.Sessions;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Reads over a session whose connections live on the caller's loop, where the driver then answers without a hop, or, for
 * loops that connections cannot live on, over a session elsewhere, whose answers of a moment are brought in one task. Hot:
 * this is where a cache miss leaves the server; see docs/read-path.md.
 *
 * <p>Confined to the caller's loop but for {@link Read#answer}.
 */
public final class CassandraBlobReader implements BlobReader {
    /** Reads given to the driver; more wait here, where they cost nothing and can be refused at once. */
    static final int SENT_MAX = 1_024;

    /** How long reads are refused after no session could be opened, before it is tried again. */
    private static final long REOPEN_NANOS = 250_000_000;

    private final ReadSessions sessions;
    private final EventLoopHandle here;
    private final @Nullable EventLoop loop;
    private final int pendingMax;

    private final Set<Read> pending = new HashSet<>();
    private final ArrayDeque<Read> waiting = new ArrayDeque<>();
    private int sent;
    private boolean sending;
    private boolean closed;

    /** Null until there is one. */
    private @Nullable ReadSession session;

    private boolean opening;
    private long openAgainAtNanos = System.nanoTime();
    private @Nullable StoreException openingFailed;

    /** Answers that came on another thread, for this one to take. */
    private final Queue<Read> brought = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean isBringing = new AtomicBoolean();

    private CassandraBlobReader(ReadSessions sessions, EventLoopHandle here, @Nullable EventLoop loop, int pendingMax) {
        this.sessions = sessions;
        this.here = here;
        this.loop = loop;
        this.pendingMax = pendingMax;
    }

    /** Opens a reader and begins to connect it. Any thread; does not block. */
    public static CassandraBlobReader open(ReadSessions sessions, EventLoopHandle here) {
        EventLoop loop = here.unwrap(EventLoop.class);
        CassandraBlobReader reader = new CassandraBlobReader(
                sessions, here, loop != null && Sessions.canPin(loop) ? loop : null, sessions.pendingMax());
        here.executor().execute(reader::connect);
        return reader;
    }

    @Override
    public void get(BlobAddress address, Consistency consistency, BlobCallback callback) {
        assert here.inEventLoop() : "blob reader used off its event loop";
        if (closed) {
            callback.failed(closedException());
        } else if (sessions.isClosed()) {
            callback.failed(sessions.failure(null));
        } else if (pending.size() >= pendingMax) {
            callback.failed(new StoreException(
                    StoreException.Code.OVERLOADED,
                    pendingMax + " reads of this event loop are unanswered (pending_reads); try again later"));
        } else if (session == null && !connects()) {
            callback.failed(openingFailed == null ? closedException() : openingFailed);
        } else {
            Read read = new Read(address, consistency, callback);
            pending.add(read);
            waiting.add(read);
        }
    }

    @Override
    public void flush() {
        ReadSession now = session;
        if (now == null || sending) {
            return;
        }
        sending = true; // an answer may come at once and ask for more
        try {
            for (Read read; sent < SENT_MAX && (read = waiting.poll()) != null; ) {
                if (pending.contains(read)) {
                    sent++;
                    read.send(now);
                }
            }
        } finally {
            sending = false;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        waiting.clear();
        for (Read read : List.copyOf(pending)) {
            fail(read, closedException());
        }
        end(session);
        session = null;
    }

    /** Whether a session is on its way; begins to open one if it is time to. */
    private boolean connects() {
        if (!opening && System.nanoTime() - openAgainAtNanos >= 0) {
            connect();
        }
        return opening;
    }

    private void connect() {
        if (closed || opening || session != null) {
            return;
        }
        opening = true;
        sessions.open(loop).whenComplete((now, error) -> {
            try {
                here.executor().execute(() -> connected(now, error));
            } catch (RejectedExecutionException e) {
                end(now); // the caller's loop has ended, and nobody waits any more
            }
        });
    }

    private void connected(@Nullable ReadSession now, @Nullable Throwable error) {
        opening = false;
        if (now == null) {
            openAgainAtNanos = System.nanoTime() + REOPEN_NANOS;
            StoreException failure = sessions.failure(error);
            openingFailed = failure;
            for (Read read : List.copyOf(waiting)) {
                fail(read, failure);
            }
            waiting.clear();
        } else if (closed) {
            end(now);
        } else {
            session = now;
            flush();
        }
    }

    private void end(@Nullable ReadSession ended) {
        if (ended != null) {
            sessions.end(ended, loop);
        }
    }

    private void bring(Read read) {
        brought.add(read);
        if (isBringing.compareAndSet(false, true)) {
            try {
                here.executor().execute(this::take);
            } catch (RejectedExecutionException e) {
                brought.clear(); // the caller's loop has ended, and nobody waits any more
            }
        }
    }

    private void take() {
        isBringing.set(false);
        for (Read read; (read = brought.poll()) != null; ) {
            finish(read);
        }
        flush();
    }

    private void finish(Read read) {
        sent--;
        if (!pending.remove(read)) {
            return; // answered when the reader was closed
        }
        AsyncResultSet rows = read.rows;
        if (rows == null) {
            read.callback.failed(sessions.failure(read.error));
            return;
        }
        Row row = rows.one();
        ByteBuffer value = row == null ? null : row.getBytesUnsafe(0);
        if (value == null) {
            read.callback.missing();
        } else {
            read.callback.found(value);
        }
    }

    private void fail(Read read, StoreException error) {
        if (pending.remove(read)) {
            read.callback.failed(error);
        }
    }

    private static StoreException closedException() {
        return CassandraErrors.closed("blob reader");
    }

    /** A read on its way. */
    private final class Read {
        private final BlobAddress address;
        private final Consistency consistency;
        private final BlobCallback callback;

        // Written before the answer is brought, by whichever thread the driver answers on.
        private @Nullable AsyncResultSet rows;
        private @Nullable Throwable error;

        Read(BlobAddress address, Consistency consistency, BlobCallback callback) {
            this.address = address;
            this.consistency = consistency;
            this.callback = callback;
        }

        void send(ReadSession over) {
            BoundStatement statement = over.statement(consistency)
                    .boundStatementBuilder()
                    .setBytesUnsafe(0, ByteBuffer.wrap(address.keyNameBytes()))
                    .build();
            try {
                over.session().executeAsync(statement).whenComplete(this::answer);
            } catch (RuntimeException e) {
                answer(null, e);
            }
        }

        /** On the caller's loop, or on any thread of the driver's. */
        private void answer(@Nullable AsyncResultSet found, @Nullable Throwable failure) {
            rows = found;
            error = failure;
            if (here.inEventLoop() && !sending) {
                finish(this);
                flush();
            } else {
                bring(this);
            }
        }
    }
}
