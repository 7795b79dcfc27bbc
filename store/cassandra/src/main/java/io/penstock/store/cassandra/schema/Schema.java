package io.penstock.store.cassandra.schema;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import io.penstock.store.StoreException;
import io.penstock.store.StoreException.Code;
import io.penstock.store.cassandra.connection.CassandraConfig;
import io.penstock.store.cassandra.connection.Sessions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The keyspace and its three tables. Blobs have a short grace for deletes, because an address is never reused: a deleted
 * blob that comes back is found by the next full collection and read by nobody. It is as long as Cassandra keeps hints, so
 * that a node which was down for less gets what it missed.
 */
public final class Schema {
    /** A table, its columns, and its options. */
    private record Table(String name, String columns, Map<String, String> types, String options) {}

    private static final String HINTS_SECONDS = "10800";

    private static final List<Table> TABLES = List.of(
            new Table(
                    "blobs",
                    "(key text PRIMARY KEY, value blob)",
                    Map.of("key", "TEXT", "value", "BLOB"),
                    "gc_grace_seconds = " + HINTS_SECONDS
                            + " AND compression = {'class': 'LZ4Compressor', 'chunk_length_in_kb': 4}"),
            new Table(
                    "catalog",
                    "(key text PRIMARY KEY, write_id blob, value blob)",
                    Map.of("key", "TEXT", "write_id", "BLOB", "value", "BLOB"),
                    "comment = 'written by lightweight transactions only'"),
            new Table(
                    "presence",
                    "(namespace text, id text, value blob, PRIMARY KEY (namespace, id))",
                    Map.of("namespace", "TEXT", "id", "TEXT", "value", "BLOB"),
                    "gc_grace_seconds = 600"));

    private final Sessions sessions;
    private final CqlSession session;
    private final CassandraConfig config;

    public Schema(Sessions sessions, CqlSession session) {
        this.sessions = sessions;
        this.session = session;
        this.config = sessions.config();
    }

    /**
     * Makes what is missing, or says what is.
     *
     * @param create whether it may make anything
     * @return the levels that the keyspace's replication asks for
     * @throws StoreException {@code NOT_FOUND} if something is missing and may not be made; {@code INVALID_URL} if the
     *     keyspace is there with another replication than the URL's, or with tables of somebody else
     */
    public Levels ensure(boolean create) {
        requireDataCentre();
        if (keyspace() == null) {
            createKeyspace(create);
        }
        KeyspaceMetadata keyspace = requireKeyspace();
        Replication present = Replication.ofKeyspace(keyspace.getReplication());
        Replication wanted = config.replication();
        if (wanted != null && !wanted.in(dataCentre()).equals(present) && !isSame(wanted, keyspace)) {
            throw new StoreException(
                    Code.INVALID_URL,
                    "store " + config.url() + ": keyspace " + config.keyspace() + " is there with replication "
                            + present + " (expected, by the URL: " + wanted.in(dataCentre())
                            + "); leave replication out of the URL, or alter the keyspace and repair it");
        }
        requireCopies(present);
        for (Table table : TABLES) {
            TableMetadata found = requireKeyspace().getTable(table.name).orElse(null);
            if (found == null) {
                createTable(table, create);
            } else {
                requireColumns(table, found);
            }
        }
        return Levels.of(present);
    }

    /** Reads ask the nearest copy in the data centre; where there is none, every one of them would fail. */
    private void requireCopies(Replication present) {
        boolean named = !present.copies().containsKey("replication_factor");
        if (named && !present.copies().containsKey(dataCentre())) {
            throw new StoreException(
                    Code.INVALID_URL,
                    "store " + config.url() + ": keyspace " + config.keyspace() + " has no copies in data centre '"
                            + dataCentre() + "' (expected: one of " + new TreeMap<>(present.copies()).keySet()
                            + "); name another dc, or alter the keyspace and repair it");
        }
    }

    /** The simple strategy names no data centre: its number is the local one's where there is one only. */
    private boolean isSame(Replication wanted, KeyspaceMetadata keyspace) {
        String number = keyspace.getReplication().get("replication_factor");
        return number != null
                && wanted.copies().size() == 1
                && number.equals(String.valueOf(
                        wanted.in("").copies().values().iterator().next()));
    }

    private void createKeyspace(boolean create) {
        Replication wanted = config.replication();
        if (!create || wanted == null) {
            throw new StoreException(
                    Code.NOT_FOUND,
                    "store " + config.url() + ": no keyspace " + config.keyspace()
                            + "; run 'penstock store init' with replication=N in the URL (3 where nodes may fail), or"
                            + " create it");
        }
        execute("CREATE KEYSPACE IF NOT EXISTS " + quoted() + " WITH replication = "
                + wanted.in(dataCentre()).toCql());
    }

    private void createTable(Table table, boolean create) {
        if (!create) {
            throw new StoreException(
                    Code.NOT_FOUND,
                    "store " + config.url() + ": no table " + table.name + " in keyspace " + config.keyspace()
                            + "; run 'penstock store init'");
        }
        execute("CREATE TABLE IF NOT EXISTS " + quoted() + "." + table.name + " " + table.columns + " WITH "
                + table.options);
    }

    private void requireColumns(Table table, TableMetadata found) {
        Map<String, String> columns = new TreeMap<>();
        found.getColumns()
                .forEach((name, column) ->
                        columns.put(name.asInternal(), column.getType().toString()));
        if (!columns.equals(new TreeMap<>(table.types))) {
            throw new StoreException(
                    Code.INVALID_URL,
                    "store " + config.url() + ": table " + table.name + " in keyspace " + config.keyspace()
                            + " has columns " + columns + " (expected: " + new TreeMap<>(table.types)
                            + "); give Penstock a keyspace of its own");
        }
    }

    /** The driver asks only nodes of the URL's data centre; a wrong name would look like a cluster that is down. */
    private void requireDataCentre() {
        String wanted = config.dataCentre();
        List<String> there = session.getMetadata().getNodes().values().stream()
                .map(node -> String.valueOf(node.getDatacenter()))
                .distinct()
                .sorted()
                .toList();
        if (wanted != null && !there.contains(wanted)) {
            throw new StoreException(
                    Code.INVALID_URL,
                    "store " + config.url() + ": no data centre '" + wanted + "' (expected: one of " + there + ")");
        }
    }

    private String dataCentre() {
        String given = config.dataCentre();
        if (given != null) {
            return given;
        }
        for (Node node : session.getMetadata().getNodes().values()) {
            if (node.getState() == NodeState.UP && node.getDatacenter() != null) {
                return node.getDatacenter();
            }
        }
        throw new StoreException(Code.UNREACHABLE, "store " + config.url() + ": no node is up");
    }

    private KeyspaceMetadata requireKeyspace() {
        KeyspaceMetadata keyspace = keyspace();
        if (keyspace == null) {
            throw new StoreException(
                    Code.UNREACHABLE,
                    "store " + config.url() + ": keyspace " + config.keyspace()
                            + " is not seen yet by the node asked; try again");
        }
        return keyspace;
    }

    private @Nullable KeyspaceMetadata keyspace() {
        return session.getMetadata()
                .getKeyspace(CqlIdentifier.fromInternal(config.keyspace()))
                .orElse(null);
    }

    private String quoted() {
        return CqlIdentifier.fromInternal(config.keyspace()).asCql(false);
    }

    /** Waits until the nodes agree, and until the session knows what was made. */
    private void execute(String cql) {
        sessions.await(session.executeAsync(SimpleStatement.newInstance(cql)));
        sessions.await(session.refreshSchemaAsync());
    }
}
