package io.penstock.store.redis.catalog;

import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import io.penstock.store.redis.connection.RedisConnections;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a catalog's write id whenever a message says that it moved, and every {@link #POLL}, because messages get lost:
 * while the connection is down, in a failover, and when something else than Penstock restores the key.
 */
final class CatalogWatch implements CatalogRegister.Watch {
    static final Duration POLL = Duration.ofSeconds(1);

    private final CatalogRegister register;
    private final Runnable moved;
    private final RedisConnections.Subscription subscription;
    private final Future<?> polls;

    // Guarded by this.
    private boolean looked;
    private @Nullable WriteId seen;
    private boolean closed;

    private CatalogWatch(RedisConnections connections, CatalogRegister register, String channel, Runnable moved) {
        this.register = register;
        this.moved = moved;
        this.subscription = connections.subscribe(channel, this::look);
        this.polls = schedule(connections);
    }

    static CatalogWatch start(RedisConnections connections, CatalogRegister register, String channel, Runnable moved) {
        return new CatalogWatch(connections, register, channel, moved);
    }

    private Future<?> schedule(RedisConnections connections) {
        try {
            return connections
                    .scheduler()
                    .scheduleWithFixedDelay(this::look, 0, POLL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            connections.requireOpen();
            throw e;
        }
    }

    private void look() {
        register.readWriteId()
                .thenAccept(present -> seen(present.orElse(null))); // a failed look is made up for by the next
    }

    private void seen(@Nullable WriteId present) {
        synchronized (this) {
            boolean isMoved = !looked || !Objects.equals(present, seen); // the first look may have come too late
            looked = true;
            seen = present;
            if (closed || !isMoved) {
                return;
            }
        }
        moved.run();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        polls.cancel(false);
        subscription.close();
    }
}
