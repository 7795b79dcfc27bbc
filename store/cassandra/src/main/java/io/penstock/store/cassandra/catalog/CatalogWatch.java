package io.penstock.store.cassandra.catalog;

import io.penstock.store.cassandra.connection.Sessions;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.WriteId;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks at a catalog's write id every {@link #POLL}: Cassandra pushes nothing. */
final class CatalogWatch implements CatalogRegister.Watch {
    static final Duration POLL = Duration.ofSeconds(1);

    private final CatalogRegister register;
    private final Runnable moved;
    private final Future<?> polls;

    // Guarded by this.
    private boolean looked;
    private @Nullable WriteId seen;
    private boolean closed;

    private CatalogWatch(Sessions sessions, CatalogRegister register, Runnable moved) {
        this.register = register;
        this.moved = moved;
        this.polls = schedule(sessions);
    }

    static CatalogWatch start(Sessions sessions, CatalogRegister register, Runnable moved) {
        return new CatalogWatch(sessions, register, moved);
    }

    private Future<?> schedule(Sessions sessions) {
        try {
            return sessions.scheduler().scheduleWithFixedDelay(this::look, 0, POLL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            sessions.requireOpen();
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
    }
}
