package io.penstock.store.redis.blob;

import io.penstock.store.StoreException;
import io.penstock.store.redis.connection.NodeLink;
import io.penstock.store.redis.connection.NodeLinks;
import io.penstock.store.redis.connection.RedisConnections;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher asked for in one call: done when all its parts are, failed with the first failure once the last part
 * has ended. Confined to the bulk lane's loop.
 */
final class WriterCall<T extends @Nullable Object> {
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final LongFunction<T> value;
    private int parts = 1;
    private long count;
    private @Nullable StoreException failure;

    /** @param value what to complete with, of what was counted */
    WriterCall(LongFunction<T> value) {
        this.value = value;
    }

    CompletableFuture<T> result() {
        return result;
    }

    /** Sends a part to where its keys are. */
    void send(NodeLinks links, byte[] key, WriterCommand command) {
        parts++;
        NodeLink link;
        try {
            link = links.primaryOf(key);
        } catch (StoreException e) {
            partFailed(e);
            return;
        }
        if (link == null) {
            partFailed(RedisConnections.noServer());
        } else {
            link.send(command);
            link.flushSoon();
        }
    }

    /** Every part was sent. */
    void sent() {
        partDone();
    }

    void count(long more) {
        count += more;
    }

    void partDone() {
        if (--parts > 0) {
            return;
        }
        if (failure == null) {
            result.complete(value.apply(count));
        } else {
            result.completeExceptionally(failure);
        }
    }

    void partFailed(StoreException error) {
        if (failure == null) {
            failure = error;
        }
        partDone();
    }
}
