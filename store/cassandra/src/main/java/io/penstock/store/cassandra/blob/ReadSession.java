package io.penstock.store.cassandra.blob;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.penstock.store.blob.BlobReader.Consistency;

/** A session and what a reader prepared on it. */
record ReadSession(CqlSession session, PreparedStatement nearest, PreparedStatement strong) {
    PreparedStatement statement(Consistency consistency) {
        return switch (consistency) {
            case NEAREST -> nearest;
            case STRONG -> strong;
        };
    }
}
