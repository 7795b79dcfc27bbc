package io.penstock.store.cassandra.presence;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.penstock.store.cassandra.connection.Sessions;
import io.penstock.store.cassandra.schema.Statements;

/** What presence needs, prepared once a store. */
public record PresenceStatements(
        CqlSession session, PreparedStatement put, PreparedStatement remove, PreparedStatement list) {
    /** Waits until they are prepared. */
    public static PresenceStatements prepare(Sessions sessions, CqlSession session, Statements statements) {
        return new PresenceStatements(
                session,
                sessions.await(statements.putPresence(session)),
                sessions.await(statements.removePresence(session)),
                sessions.await(statements.listPresence(session)));
    }
}
