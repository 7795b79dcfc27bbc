package io.penstock.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import io.penstock.store.EventLoopHandle;
import io.penstock.store.Headroom;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.blob.BlobReader;
import io.penstock.store.blob.BlobWriter;
import io.penstock.store.cassandra.blob.CassandraBlobReader;
import io.penstock.store.cassandra.blob.CassandraBlobWriter;
import io.penstock.store.cassandra.blob.ReadSessions;
import io.penstock.store.cassandra.blob.WriteSession;
import io.penstock.store.cassandra.catalog.CassandraCatalogRegister;
import io.penstock.store.cassandra.catalog.CatalogStatements;
import io.penstock.store.cassandra.connection.CassandraConfig;
import io.penstock.store.cassandra.connection.Sessions;
import io.penstock.store.cassandra.health.CassandraHealth;
import io.penstock.store.cassandra.presence.CassandraPresence;
import io.penstock.store.cassandra.presence.PresenceStatements;
import io.penstock.store.cassandra.schema.Schema;
import io.penstock.store.cassandra.schema.Statements;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.presence.Presence;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A keyspace as a store. Catalog, presence and health have a session of their own, so that a catalog move does not wait
 * behind blobs; each reader has one, on its caller's loop where that is possible; all writers share one.
 */
final class CassandraStore implements Store {
    private final Sessions sessions;
    private final Statements statements;
    private final ReadSessions reading;
    private final CatalogStatements catalog;
    private final PresenceStatements presence;
    private final CassandraHealth health;

    /** Opened for the first writer, and again after that failed. Guarded by this. */
    private @Nullable CompletionStage<WriteSession> writing;

    private CassandraStore(Sessions sessions, CqlSession control, Statements statements) {
        this.sessions = sessions;
        this.statements = statements;
        this.reading = new ReadSessions(sessions, statements);
        this.catalog = CatalogStatements.prepare(sessions, control, statements);
        this.presence = PresenceStatements.prepare(sessions, control, statements);
        this.health = new CassandraHealth(sessions, control, sessions.await(statements.readPatiently(control)));
    }

    static CassandraStore open(CassandraConfig config, boolean create) {
        Sessions sessions = new Sessions(config);
        try {
            CqlSession control = sessions.await(sessions.open(null));
            return new CassandraStore(
                    sessions, control, new Statements(config, new Schema(sessions, control).ensure(create)));
        } catch (StoreException e) {
            sessions.close();
            throw e;
        }
    }

    @Override
    public String url() {
        return sessions.config().url();
    }

    @Override
    public BlobReader openReader(EventLoopHandle loop) {
        sessions.requireOpen();
        return CassandraBlobReader.open(reading, loop);
    }

    @Override
    public synchronized BlobWriter openWriter() {
        sessions.requireOpen();
        if (writing == null || writing.toCompletableFuture().isCompletedExceptionally()) {
            writing = sessions.open(null).thenCompose(session -> WriteSession.prepare(session, statements));
        }
        return new CassandraBlobWriter(sessions, statements, writing);
    }

    @Override
    public CatalogRegister catalog(String namespace) {
        return new CassandraCatalogRegister(sessions, catalog, namespace);
    }

    @Override
    public Presence presence(String namespace) {
        return new CassandraPresence(sessions, presence, namespace);
    }

    @Override
    public void checkHealth() {
        health.check();
    }

    /** Cassandra tells clients nothing about its disks. */
    @Override
    public Headroom headroom() {
        sessions.requireOpen();
        return Headroom.UNKNOWN;
    }

    @Override
    public void close() {
        sessions.close();
    }
}
