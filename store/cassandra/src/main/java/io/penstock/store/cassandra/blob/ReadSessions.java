package io.penstock.store.cassandra.blob;

import com.datastax.oss.driver.api.core.CqlSession;
import io.netty.channel.EventLoop;
import io.penstock.store.StoreException;
import io.penstock.store.cassandra.connection.Sessions;
import io.penstock.store.cassandra.schema.Statements;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Gives readers their sessions: one of its own to each loop that connections can live on, one for all others. */
public final class ReadSessions {
    private final Sessions sessions;
    private final Statements statements;

    /** Guarded by this. */
    private @Nullable CompletionStage<ReadSession> shared;

    public ReadSessions(Sessions sessions, Statements statements) {
        this.sessions = sessions;
        this.statements = statements;
    }

    int pendingMax() {
        return sessions.config().pendingReads();
    }

    /** Whether nothing can be opened any more. */
    boolean isClosed() {
        return sessions.isClosed();
    }

    /** What a failure of the driver means. */
    StoreException failure(@Nullable Throwable error) {
        return sessions.failure(error);
    }

    /** @param loop where its connections live; null for the one that is shared, which is opened again after a failure */
    CompletionStage<ReadSession> open(@Nullable EventLoop loop) {
        if (loop != null) {
            return sessions.open(loop).thenCompose(this::prepare);
        }
        synchronized (this) {
            if (shared == null || shared.toCompletableFuture().isCompletedExceptionally()) {
                shared = sessions.open(null).thenCompose(this::prepare);
            }
            return shared;
        }
    }

    /** @param loop what it was opened with */
    void end(ReadSession session, @Nullable EventLoop loop) {
        if (loop != null) {
            sessions.end(session.session());
        }
    }

    private CompletionStage<ReadSession> prepare(CqlSession opened) {
        return statements
                .readNearest(opened)
                .thenCombine(
                        statements.readStrongly(opened), (nearest, strong) -> new ReadSession(opened, nearest, strong))
                .whenComplete((prepared, error) -> {
                    if (error != null) {
                        sessions.end(opened);
                    }
                });
    }
}
