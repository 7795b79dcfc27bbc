package io.penstock.store.cassandra.health;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.cassandra.connection.Sessions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what would make the keyspace lose what it confirmed, and whether a quorum answers. Thread-safe; blocks for at
 * most the store's time-out.
 */
public final class CassandraHealth {
    private static final Logger LOG = LoggerFactory.getLogger(CassandraHealth.class);

    /** No blob has it. */
    private static final byte[] PROBE = "penstock:health".getBytes(StandardCharsets.US_ASCII);

    private static final CqlIdentifier TTL = CqlIdentifier.fromInternal("default_time_to_live");

    private final Sessions sessions;
    private final CqlSession session;
    private final PreparedStatement strongRead;
    private final AtomicBoolean warnedOfOneCopy = new AtomicBoolean();

    public CassandraHealth(Sessions sessions, CqlSession session, PreparedStatement strongRead) {
        this.sessions = sessions;
        this.session = session;
        this.strongRead = strongRead;
    }

    /**
     * Asks a quorum, and looks at keyspace and tables.
     *
     * @throws StoreException {@code UNREACHABLE}, {@code UNSAFE}, {@code NOT_FOUND} or {@code CLOSED}
     */
    public void check() {
        sessions.requireOpen();
        sessions.await(session.executeAsync(strongRead
                .boundStatementBuilder()
                .setBytesUnsafe(0, ByteBuffer.wrap(PROBE))
                .build()));
        String store = "store " + sessions.config().url() + ": ";
        String name = sessions.config().keyspace();
        KeyspaceMetadata keyspace = session.getMetadata()
                .getKeyspace(CqlIdentifier.fromInternal(name))
                .orElseThrow(() -> new StoreException(
                        Code.NOT_FOUND, store + "keyspace " + name + " is gone; run 'penstock store init'"));
        if (!keyspace.isDurableWrites()) {
            throw new StoreException(
                    Code.UNSAFE,
                    store + "keyspace " + name + " has durable_writes = false (expected: true); a node that restarts"
                            + " would lose rows");
        }
        requireNoExpiry(keyspace, store);
        warnOfOneCopy(keyspace.getReplication(), name);
    }

    private static void requireNoExpiry(KeyspaceMetadata keyspace, String store) {
        for (String table : new String[] {"blobs", "catalog"}) {
            Object seconds = keyspace.getTable(table)
                    .map(found -> found.getOptions().get(TTL))
                    .orElse(0);
            if (!String.valueOf(seconds).equals("0")) {
                throw new StoreException(
                        Code.UNSAFE,
                        store + "table " + table + " has default_time_to_live = " + seconds
                                + " (expected: 0); it would drop rows that are served");
            }
        }
    }

    /** Once a store: fine on a laptop, and should be nobody's surprise elsewhere. */
    private void warnOfOneCopy(Map<String, String> replication, String keyspace) {
        replication.forEach((name, copies) -> {
            if (!name.equals("class") && copies.equals("1") && warnedOfOneCopy.compareAndSet(false, true)) {
                LOG.warn(
                        "keyspace {} keeps one copy ({}: 1): a node that is down takes its rows with it, and a lost disk"
                                + " loses them; replicate it three times",
                        keyspace,
                        name);
            }
        });
    }
}
