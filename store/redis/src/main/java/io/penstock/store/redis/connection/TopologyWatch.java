package io.penstock.store.redis.connection;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.penstock.store.StoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the topology: looks every second, and sooner when a server said something is elsewhere or a connection broke, but
 * never more often than every {@value #REFRESH_MILLIS_MIN} ms.
 */
final class TopologyWatch {
    static final long POLL_MILLIS = 1_000;
    static final long REFRESH_MILLIS_MIN = 50;

    private static final Logger LOG = LoggerFactory.getLogger(TopologyWatch.class);

    private final EventLoop loop;
    private final TopologySource source;
    private final Runnable changed;
    private final CompletableFuture<Topology> first = new CompletableFuture<>();

    /** Written on the loop, read by any thread. */
    private volatile @Nullable Topology current;

    // Confined to the loop.
    private boolean looking;
    private boolean wanted;
    private boolean closed;
    private @Nullable Future<?> next;

    /** @param changed called on the loop after the topology has changed */
    TopologyWatch(EventLoop loop, TopologySource source, Runnable changed) {
        this.loop = loop;
        this.source = source;
        this.changed = changed;
    }

    /** Starts; complete once it is known, exceptional if the first look failed. */
    CompletableFuture<Topology> start() {
        loop.execute(this::look);
        return first;
    }

    /**
     * The topology as it was last seen.
     *
     * @throws StoreException {@code UNREACHABLE} while it has never been seen
     */
    Topology current() {
        Topology known = current;
        if (known == null) {
            throw new StoreException(
                    StoreException.Code.UNREACHABLE, "nobody has said yet which Redis server has what");
        }
        return known;
    }

    /** Looks again soon. Any thread. */
    void refreshSoon() {
        if (source.isFixed()) {
            return;
        }
        loop.execute(() -> {
            if (!wanted) {
                wanted = true;
                if (!looking) {
                    schedule(REFRESH_MILLIS_MIN);
                }
            }
        });
    }

    private void look() {
        if (closed || looking) {
            return;
        }
        looking = true;
        wanted = false;
        source.lookUp().whenComplete((found, error) -> {
            looking = false;
            if (error != null) {
                LOG.debug("looking for Redis servers failed", error);
                first.completeExceptionally(TopologySource.unwrap(error));
            } else {
                found(found);
            }
            if (!closed && (error != null || !source.isFixed())) {
                schedule(wanted ? REFRESH_MILLIS_MIN : error == null ? POLL_MILLIS : 4 * REFRESH_MILLIS_MIN);
            }
        });
    }

    private void found(Topology found) {
        Topology known = current;
        if (known == null || !known.isSameAs(found)) {
            current = found;
            if (known != null) {
                LOG.info("Redis servers are now {}", found);
            }
            first.complete(found);
            changed.run();
        }
    }

    private void schedule(long millis) {
        if (next != null) {
            next.cancel(false);
        }
        if (!closed) {
            next = loop.schedule(this::look, millis, TimeUnit.MILLISECONDS);
        }
    }

    void close(StoreException reason) {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
        source.close(reason);
    }
}
