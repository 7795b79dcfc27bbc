package io.penstock.store.redis.catalog;

import io.penstock.store.StoreException;
import io.penstock.store.catalog.CatalogCodec;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.connection.Reply;
import io.penstock.store.redis.connection.ReplyLostException;
import io.penstock.store.redis.script.WriteScript;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A Redis server runs one script at a time; that makes the compare-and-set. With replicas it is linearizable only while no
 * failover happens: a new primary may have missed the last moves, which readers detect as a fork.
 */
public final class RedisCatalogRegister implements CatalogRegister {
    /**
     * Compares the first sixteen bytes (nothing, where there is no value), sets, and tells who listens. A refused PUBLISH
     * costs only the push: it must not look as if nothing had been set.
     */
    private static final byte[] MOVE = WriteScript.of(
            "if redis.call('GETRANGE', KEYS[1], 0, 15) ~= ARGV[1] then return 0 end\n", "'PERSIST', KEYS[1]", """
            redis.call('SET', KEYS[1], ARGV[2])
            redis.pcall('PUBLISH', KEYS[1], '')
            return 1
            """);

    private static final byte[] EVAL = ascii("EVAL");
    private static final byte[] GET = ascii("GET");
    private static final byte[] GETRANGE = ascii("GETRANGE");
    private static final byte[] ONE = ascii("1");
    private static final byte[] WRITE_ID_FIRST = ascii("0");
    private static final byte[] WRITE_ID_LAST = ascii(Integer.toString(WriteId.BYTES - 1));
    private static final byte[] NOTHING = {};

    private final RedisConnections connections;
    private final String namespace;
    private final String keyName;
    private final byte[] key;

    public RedisCatalogRegister(RedisConnections connections, String namespace) {
        this.connections = connections;
        this.namespace = namespace;
        this.keyName = CatalogCodec.keyName(namespace);
        this.key = ascii(keyName);
    }

    @Override
    public CompletionStage<Optional<byte[]>> read() {
        return connections.call(key, GET, key).thenApply(reply -> Optional.ofNullable(reply.bytes()));
    }

    @Override
    public CompletionStage<Optional<WriteId>> readWriteId() {
        return connections
                .call(key, GETRANGE, key, WRITE_ID_FIRST, WRITE_ID_LAST)
                .thenApply(this::writeId);
    }

    private Optional<WriteId> writeId(Reply reply) {
        byte[] bytes = reply.bytes();
        if (bytes == null || bytes.length == 0) {
            return Optional.empty();
        }
        if (bytes.length < WriteId.BYTES) {
            throw new StoreException(
                    StoreException.Code.CORRUPT,
                    "catalog of namespace '" + namespace + "': " + bytes.length + " bytes (expected: more than "
                            + WriteId.BYTES + ")");
        }
        return Optional.of(WriteId.of(ByteBuffer.wrap(bytes)));
    }

    @Override
    public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value) {
        if (value.length < WriteId.BYTES) {
            throw new IllegalArgumentException(
                    "catalog value: " + value.length + " bytes (expected: >= " + WriteId.BYTES + ")");
        }
        byte[] present = expected == null ? NOTHING : expected.toBytes();
        return connections
                .call(key, EVAL, MOVE, ONE, key, present, value.clone())
                .handle(RedisCatalogRegister::outcome);
    }

    private static CasResult outcome(@Nullable Reply reply, @Nullable Throwable error) {
        if (reply == null) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            if (cause instanceof ReplyLostException) {
                return CasResult.UNKNOWN;
            }
            throw cause instanceof RuntimeException known ? known : new CompletionException(cause);
        }
        if (reply.value() instanceof Long moved) {
            return moved == 1 ? CasResult.APPLIED : CasResult.CONFLICT;
        }
        return CasResult.UNKNOWN;
    }

    @Override
    public Watch watch(Runnable moved) {
        return CatalogWatch.start(connections, this, keyName, moved);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
