package io.penstock.store.cassandra.catalog;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.penstock.store.StoreException;
import io.penstock.store.cassandra.connection.CassandraErrors;
import io.penstock.store.cassandra.connection.Sessions;
import io.penstock.store.catalog.CatalogCodec;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A row that only lightweight transactions write, so that Paxos orders all its moves; a plain write beside them would not be
 * ordered. A move whose reply is lost may be completed by anybody's later read or move: it is <em>unknown</em> until a
 * serial read, which completes or outruns it, has shown what became of it.
 */
public final class CassandraCatalogRegister implements CatalogRegister {
    private final Sessions sessions;
    private final CatalogStatements statements;
    private final String namespace;
    private final byte[] key;

    public CassandraCatalogRegister(Sessions sessions, CatalogStatements statements, String namespace) {
        this.sessions = sessions;
        this.statements = statements;
        this.namespace = namespace;
        this.key = CatalogCodec.keyName(namespace).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public CompletionStage<Optional<byte[]>> read() {
        return select(statements.read());
    }

    @Override
    public CompletionStage<Optional<WriteId>> readWriteId() {
        return select(statements.readWriteId()).thenApply(found -> found.map(this::writeId));
    }

    private CompletionStage<Optional<byte[]>> select(PreparedStatement statement) {
        return execute(statement
                        .boundStatementBuilder()
                        .setBytesUnsafe(0, ByteBuffer.wrap(key))
                        .build())
                .handle((rows, error) -> {
                    if (rows == null) {
                        throw sessions.failure(error);
                    }
                    Row row = rows.one();
                    ByteBuffer value = row == null ? null : row.getBytesUnsafe(0);
                    if (value == null) {
                        return Optional.empty();
                    }
                    byte[] bytes = new byte[value.remaining()];
                    value.get(bytes);
                    return Optional.of(bytes);
                });
    }

    private WriteId writeId(byte[] bytes) {
        if (bytes.length != WriteId.BYTES) {
            throw new StoreException(
                    StoreException.Code.CORRUPT,
                    "catalog of namespace '" + namespace + "': a write id of " + bytes.length + " bytes (expected: "
                            + WriteId.BYTES + ")");
        }
        return WriteId.of(ByteBuffer.wrap(bytes));
    }

    @Override
    public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value) {
        if (value.length < WriteId.BYTES) {
            throw new IllegalArgumentException(
                    "catalog value: " + value.length + " bytes (expected: >= " + WriteId.BYTES + ")");
        }
        byte[] copy = value.clone();
        PreparedStatement statement = expected == null ? statements.create() : statements.move();
        var bound = statement
                .boundStatementBuilder()
                .setBytesUnsafe(0, ByteBuffer.wrap(copy, 0, WriteId.BYTES).slice())
                .setBytesUnsafe(1, ByteBuffer.wrap(copy))
                .setBytesUnsafe(2, ByteBuffer.wrap(key));
        if (expected != null) {
            bound = bound.setBytesUnsafe(3, ByteBuffer.wrap(expected.toBytes()));
        }
        return execute(bound.build()).handle(this::outcome);
    }

    private CasResult outcome(@Nullable AsyncResultSet rows, @Nullable Throwable error) {
        if (rows != null) {
            return rows.wasApplied() ? CasResult.APPLIED : CasResult.CONFLICT;
        }
        if (error != null && CassandraErrors.isWithoutEffect(error)) {
            throw sessions.failure(error);
        }
        return CasResult.UNKNOWN;
    }

    private CompletionStage<AsyncResultSet> execute(BoundStatement statement) {
        if (sessions.isClosed()) {
            return CompletableFuture.failedFuture(sessions.failure(null));
        }
        try {
            return statements.session().executeAsync(statement);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Watch watch(Runnable moved) {
        return CatalogWatch.start(sessions, this, moved);
    }
}
