package io.penstock.store.cassandra.blob;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import io.penstock.store.cassandra.connection.CassandraErrors;
import io.penstock.store.cassandra.connection.Sessions;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends idempotent statements, a bounded number at a time, and those that may yet succeed a few times. Thread-safe; how many
 * wait is bounded by the writer's window.
 */
final class Outbox {
    /** Statements on their way. Cassandra answers overloaded long before more would be faster. */
    static final int SENT_MAX = 256;

    static final int ATTEMPTS_MAX = 3;
    private static final long BACKOFF_MILLIS = 100;

    private final Sessions sessions;
    private final CqlSession session;
    private final Queue<Sending> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();

    /** How often {@link #pump} was asked for; whoever finds it 0 pumps for all. */
    private final AtomicInteger asked = new AtomicInteger();

    Outbox(Sessions sessions, CqlSession session) {
        this.sessions = sessions;
        this.session = session;
    }

    CompletionStage<AsyncResultSet> send(BoundStatement statement) {
        Sending sending = new Sending(statement);
        waiting.add(sending);
        pump();
        return sending.result;
    }

    /** Without recursion, however many answers come at once. */
    private void pump() {
        if (asked.getAndIncrement() != 0) {
            return;
        }
        int served = 1;
        do {
            while (sent.get() < SENT_MAX) {
                Sending next = waiting.poll();
                if (next == null) {
                    break;
                }
                sent.incrementAndGet();
                next.send();
            }
            served = asked.addAndGet(-served);
        } while (served != 0);
    }

    private final class Sending {
        private final BoundStatement statement;
        private final CompletableFuture<AsyncResultSet> result = new CompletableFuture<>();
        private int attempts;

        Sending(BoundStatement statement) {
            this.statement = statement;
        }

        void send() {
            attempts++;
            try {
                session.executeAsync(statement).whenComplete(this::answer);
            } catch (RuntimeException e) {
                answer(null, e);
            }
        }

        private void answer(@Nullable AsyncResultSet rows, @Nullable Throwable error) {
            if (error != null && attempts < ATTEMPTS_MAX && !sessions.isClosed() && CassandraErrors.mayPass(error)) {
                try {
                    var unused = sessions.scheduler()
                            .schedule(this::send, BACKOFF_MILLIS << attempts, TimeUnit.MILLISECONDS);
                    return;
                } catch (RejectedExecutionException e) {
                    error.addSuppressed(e); // the store is being closed
                }
            }
            sent.decrementAndGet();
            if (rows != null) {
                result.complete(rows);
            } else {
                result.completeExceptionally(sessions.failure(error));
            }
            pump();
        }
    }
}
