package io.penstock.store.cassandra.catalog;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.penstock.store.cassandra.connection.Sessions;
import io.penstock.store.cassandra.schema.Statements;

/** What registers need, prepared once a store. */
public record CatalogStatements(
        CqlSession session,
        PreparedStatement read,
        PreparedStatement readWriteId,
        PreparedStatement create,
        PreparedStatement move) {
    /** Waits until they are prepared. */
    public static CatalogStatements prepare(Sessions sessions, CqlSession session, Statements statements) {
        return new CatalogStatements(
                session,
                sessions.await(statements.readCatalog(session)),
                sessions.await(statements.readWriteId(session)),
                sessions.await(statements.createCatalog(session)),
                sessions.await(statements.moveCatalog(session)));
    }
}
