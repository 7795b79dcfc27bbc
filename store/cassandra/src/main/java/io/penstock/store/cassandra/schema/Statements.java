package io.penstock.store.cassandra.schema;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.penstock.store.cassandra.connection.CassandraConfig;
import io.penstock.store.cassandra.connection.Sessions;
import java.util.concurrent.CompletionStage;

/** The statements there are, with their levels, as a session prepares them. Does not block. */
public final class Statements {
    private static final ConsistencyLevel ANY_COPY = DefaultConsistencyLevel.LOCAL_ONE;

    /** Linearizable, and completes a move that was left half done. */
    private static final ConsistencyLevel SERIAL = DefaultConsistencyLevel.SERIAL;

    private static final int KEYS_PER_PAGE = 2_000;

    /**
     * Of two writes of a cell Cassandra keeps the one with the later time, and on its own takes the clients' clocks for it. A
     * blob is written once, with one value, and deleted once: these order the two whatever the clocks say.
     */
    private static final int WRITTEN = 1;

    private static final int DELETED = 2;

    private final String keyspace;
    private final Levels levels;

    public Statements(CassandraConfig config, Levels levels) {
        this.keyspace = CqlIdentifier.fromInternal(config.keyspace()).asCql(false);
        this.levels = levels;
    }

    public CompletionStage<PreparedStatement> readNearest(CqlSession session) {
        return session.prepareAsync(idempotent(selectBlob(), ANY_COPY).setExecutionProfileName(Sessions.READ));
    }

    public CompletionStage<PreparedStatement> readStrongly(CqlSession session) {
        return session.prepareAsync(
                idempotent(selectBlob(), levels.strongRead()).setExecutionProfileName(Sessions.READ));
    }

    /** A publisher's, which waits longer than a server's. */
    public CompletionStage<PreparedStatement> readPatiently(CqlSession session) {
        return session.prepareAsync(idempotent(selectBlob(), levels.strongRead()));
    }

    private String selectBlob() {
        return "SELECT value FROM " + keyspace + ".blobs WHERE key = ?";
    }

    public CompletionStage<PreparedStatement> insertBlob(CqlSession session) {
        return session.prepareAsync(idempotent(
                "INSERT INTO " + keyspace + ".blobs (key, value) VALUES (?, ?) USING TIMESTAMP " + WRITTEN,
                levels.write()));
    }

    public CompletionStage<PreparedStatement> deleteBlob(CqlSession session) {
        return session.prepareAsync(idempotent(
                "DELETE FROM " + keyspace + ".blobs USING TIMESTAMP " + DELETED + " WHERE key = ?", levels.write()));
    }

    /** The keys of all partitions, page by page. */
    public SimpleStatement listBlobs() {
        return idempotent("SELECT DISTINCT key FROM " + keyspace + ".blobs", levels.strongRead())
                .setPageSize(KEYS_PER_PAGE);
    }

    public CompletionStage<PreparedStatement> readCatalog(CqlSession session) {
        return session.prepareAsync(idempotent("SELECT value FROM " + keyspace + ".catalog WHERE key = ?", SERIAL));
    }

    public CompletionStage<PreparedStatement> readWriteId(CqlSession session) {
        return session.prepareAsync(
                idempotent("SELECT write_id FROM " + keyspace + ".catalog WHERE key = ?", levels.strongRead()));
    }

    public CompletionStage<PreparedStatement> createCatalog(CqlSession session) {
        return session.prepareAsync(
                once("INSERT INTO " + keyspace + ".catalog (write_id, value, key) VALUES (?, ?, ?) IF NOT EXISTS"));
    }

    public CompletionStage<PreparedStatement> moveCatalog(CqlSession session) {
        return session.prepareAsync(
                once("UPDATE " + keyspace + ".catalog SET write_id = ?, value = ? WHERE key = ? IF write_id = ?"));
    }

    public CompletionStage<PreparedStatement> putPresence(CqlSession session) {
        return session.prepareAsync(idempotent(
                "INSERT INTO " + keyspace + ".presence (namespace, id, value) VALUES (?, ?, ?) USING TTL ?",
                levels.shared()));
    }

    public CompletionStage<PreparedStatement> removePresence(CqlSession session) {
        return session.prepareAsync(
                idempotent("DELETE FROM " + keyspace + ".presence WHERE namespace = ? AND id = ?", levels.shared()));
    }

    public CompletionStage<PreparedStatement> listPresence(CqlSession session) {
        return session.prepareAsync(
                idempotent("SELECT id, value FROM " + keyspace + ".presence WHERE namespace = ?", levels.shared()));
    }

    private static SimpleStatement idempotent(String cql, ConsistencyLevel level) {
        return SimpleStatement.newInstance(cql).setConsistencyLevel(level).setIdempotent(true);
    }

    private SimpleStatement once(String cql) {
        return SimpleStatement.newInstance(cql)
                .setConsistencyLevel(levels.write())
                .setSerialConsistencyLevel(SERIAL)
                .setIdempotent(false)
                .setExecutionProfileName(Sessions.ONCE);
    }
}
