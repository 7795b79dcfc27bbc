package io.penstock.store.cassandra.blob;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.penstock.store.cassandra.schema.Statements;
import java.util.concurrent.CompletionStage;

/** A session and what writers prepared on it. */
public record WriteSession(
        CqlSession session, PreparedStatement read, PreparedStatement insert, PreparedStatement delete) {
    public static CompletionStage<WriteSession> prepare(CqlSession session, Statements statements) {
        return statements
                .readPatiently(session)
                .thenCombine(
                        statements.insertBlob(session),
                        (read, insert) -> new WriteSession(session, read, insert, insert))
                .thenCombine(
                        statements.deleteBlob(session),
                        (so, delete) -> new WriteSession(session, so.read, so.insert, delete));
    }
}
