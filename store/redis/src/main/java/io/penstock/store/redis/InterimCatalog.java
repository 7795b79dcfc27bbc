package io.penstock.store.redis;

import io.penstock.store.StoreException;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.redis.connection.RedisConnections;
import io.penstock.store.redis.connection.ReplyLostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Stands in until the catalog package is there. */
final class InterimCatalog implements CatalogRegister {
    private static final byte[] SCRIPT = ("local p=redis.call('GETRANGE',KEYS[1],0,15) if p~=ARGV[1] then return 0 end"
                    + " redis.call('SET',KEYS[1],ARGV[2]) return 1")
            .getBytes(StandardCharsets.US_ASCII);

    private final RedisConnections connections;
    private final byte[] key;

    InterimCatalog(RedisConnections connections, String namespace) {
        this.connections = connections;
        this.key = ("penstock:{" + namespace + "}:catalog").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public CompletionStage<Optional<byte[]>> read() {
        return connections.call(key, ascii("GET"), key).thenApply(reply -> Optional.ofNullable(reply.bytes()));
    }

    @Override
    public CompletionStage<Optional<WriteId>> readWriteId() {
        return connections
                .call(key, ascii("GETRANGE"), key, ascii("0"), ascii("15"))
                .thenApply(reply -> Optional.ofNullable(reply.bytes())
                        .filter(bytes -> bytes.length == WriteId.BYTES)
                        .map(bytes -> WriteId.of(ByteBuffer.wrap(bytes))));
    }

    @Override
    public CompletionStage<CasResult> compareAndSet(@Nullable WriteId expected, byte[] value) {
        byte[] before = expected == null ? new byte[0] : expected.toBytes();
        return connections
                .call(key, ascii("EVAL"), SCRIPT, ascii("1"), key, before, value.clone())
                .thenApply(reply -> reply.integer() == 1 ? CasResult.APPLIED : CasResult.CONFLICT)
                .exceptionallyCompose(error -> {
                    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
                    return cause instanceof ReplyLostException lost && lost.code() == StoreException.Code.UNREACHABLE
                            ? CompletableFuture.completedFuture(CasResult.UNKNOWN)
                            : CompletableFuture.failedFuture(cause);
                });
    }

    @Override
    public Watch watch(Runnable moved) {
        connections.requireOpen();
        AtomicReference<Optional<WriteId>> seen = new AtomicReference<>();
        ScheduledFuture<?> polling = connections
                .scheduler()
                .scheduleWithFixedDelay(
                        () -> {
                            var unused = readWriteId().thenAccept(now -> {
                                if (!now.equals(seen.getAndSet(now))) {
                                    moved.run();
                                }
                            });
                        },
                        0,
                        200,
                        TimeUnit.MILLISECONDS);
        return () -> polling.cancel(false);
    }

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
