package io.penstock.store.cassandra.presence;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.penstock.storage.v1.PresenceRecord;
import io.penstock.store.DatasetId;
import io.penstock.store.cassandra.connection.Sessions;
import io.penstock.store.presence.Presence;
import io.penstock.store.presence.PresenceCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A partition a namespace, a row a record, which expires by the nodes' clocks. Cassandra counts in whole seconds and a
 * second begins at any time within one, so a record may stay for up to two seconds longer than asked, never shorter.
 */
public final class CassandraPresence implements Presence {
    private final Sessions sessions;
    private final PresenceStatements statements;
    private final String namespace;

    public CassandraPresence(Sessions sessions, PresenceStatements statements, String namespace) {
        this.sessions = sessions;
        this.statements = statements;
        this.namespace = DatasetId.requireNamespace(namespace);
    }

    @Override
    public CompletionStage<Void> put(PresenceRecord record, Duration ttl) {
        return execute(statements
                        .put()
                        .boundStatementBuilder()
                        .setString(0, namespace)
                        .setString(1, record.getId())
                        .setByteBuffer(2, ByteBuffer.wrap(PresenceCodec.encode(namespace, record)))
                        .setInt(3, seconds(ttl))
                        .build())
                .thenApply(done -> null);
    }

    private static int seconds(Duration ttl) {
        return Math.toIntExact(ttl.plusMillis(999).toSeconds()) + 1;
    }

    @Override
    public CompletionStage<Void> remove(String id) {
        return execute(statements
                        .remove()
                        .boundStatementBuilder()
                        .setString(0, namespace)
                        .setString(1, id)
                        .build())
                .thenApply(done -> null);
    }

    @Override
    public CompletionStage<List<PresenceRecord>> list() {
        return execute(statements
                        .list()
                        .boundStatementBuilder()
                        .setString(0, namespace)
                        .build())
                .thenCompose(page -> collect(page, new ArrayList<>()));
    }

    private CompletionStage<List<PresenceRecord>> collect(AsyncResultSet page, List<PresenceRecord> records) {
        for (Row row : page.currentPage()) {
            String id = row.getString(0);
            ByteBuffer value = row.getByteBuffer(1);
            if (id != null && value != null) {
                PresenceCodec.decode(namespace, id, value).ifPresent(records::add);
            }
        }
        return page.hasMorePages()
                ? told(page.fetchNextPage()).thenCompose(next -> collect(next, records))
                : CompletableFuture.completedFuture(records);
    }

    private CompletionStage<AsyncResultSet> execute(BoundStatement statement) {
        if (sessions.isClosed()) {
            return CompletableFuture.failedFuture(sessions.failure(null));
        }
        try {
            return told(statements.session().executeAsync(statement));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(sessions.failure(e));
        }
    }

    private CompletionStage<AsyncResultSet> told(CompletionStage<? extends AsyncResultSet> stage) {
        CompletableFuture<AsyncResultSet> told = new CompletableFuture<>();
        var unused = stage.whenComplete((rows, error) -> {
            if (error == null) {
                told.complete(rows);
            } else {
                told.completeExceptionally(sessions.failure(error));
            }
        });
        return told;
    }
}
