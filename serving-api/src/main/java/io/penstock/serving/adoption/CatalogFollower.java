package io.penstock.serving.adoption;

import io.penstock.serving.view.CatalogStatus;
import io.penstock.serving.view.CatalogStatus.Condition;
import io.penstock.store.Remedies;
import io.penstock.store.Store;
import io.penstock.store.StoreException;
import io.penstock.store.catalog.CatalogClient;
import io.penstock.store.catalog.CatalogRegister;
import io.penstock.store.catalog.CatalogSnapshot;
import io.penstock.store.catalog.WriteId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one namespace's catalog: looks at its write id again and again, reads it strongly when that moved or somebody
 * asks, decides whether to believe it, and keeps the namespace's {@link CatalogStatus}. Confined to the view loop.
 */
final class CatalogFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogFollower.class);

    private final ViewLoop loop;
    private final ViewConfig config;
    private final CatalogStatus status;
    private final CatalogRegister register;
    private final CatalogClient client;
    private final Adopter adopter;

    private CatalogRegister.@Nullable Watch watch;
    private @Nullable CatalogSnapshot last;
    private @Nullable ScheduledFuture<?> nextPoll;
    private boolean polling;
    private boolean pollAgain;

    /** Those who wait for a read that has not started yet; they are told whether it brought a catalog to go by. */
    private List<Consumer<Boolean>> askers = new ArrayList<>();

    private boolean reading;
    private boolean readAgain;
    private boolean askedReadScheduled;
    private long readStartedAtNanos;
    private boolean closed;

    CatalogFollower(ViewContext context, Store store, CatalogStatus status, Adopter adopter) {
        this.loop = context.loop();
        this.config = context.config();
        this.status = status;
        this.register = store.catalog(status.namespace());
        this.client = new CatalogClient(register, status.namespace(), ThreadLocalRandom.current());
        this.adopter = adopter;
        this.readStartedAtNanos = loop.nanoTime() - config.recheckInterval().toNanos();
    }

    void start() {
        try {
            watch = register.watch(() -> loop.execute(this::poll));
        } catch (StoreException e) {
            LOG.warn("namespace {}: changes are polled for, watching failed: {}", status.namespace(), e.getMessage());
        }
        poll();
    }

    /** The catalog as it was last read and believed; null until one was. */
    @Nullable
    CatalogSnapshot last() {
        return last;
    }

    /** Reads the catalog at once, in a read that begins after this call. */
    void readNow(Consumer<Boolean> then) {
        askers.add(then);
        read();
    }

    /** Reads the catalog as soon as the rate limit allows, in a read that begins after this call. */
    void readSoon(Consumer<Boolean> then) {
        askers.add(then);
        scheduleAskedRead();
    }

    private void scheduleAskedRead() {
        if (reading || askedReadScheduled || askers.isEmpty()) {
            return; // a read in progress looks for askers when it ends
        }
        askedReadScheduled = true;
        long waitNanos = readStartedAtNanos + config.recheckInterval().toNanos() - loop.nanoTime();
        var unused = loop.after(Duration.ofNanos(Math.max(0, waitNanos)), () -> {
            askedReadScheduled = false;
            if (!askers.isEmpty()) {
                read();
            }
        });
    }

    private void poll() {
        if (closed) {
            return;
        }
        if (polling) {
            pollAgain = true;
            return;
        }
        polling = true;
        long askedAtNanos = loop.nanoTime();
        loop.ask(register::readWriteId, writeId -> polled(askedAtNanos, writeId), this::pollFailed);
    }

    private void pollFailed(Throwable error) {
        failed(error);
        pollLater();
    }

    private void polled(long askedAtNanos, Optional<WriteId> writeId) {
        if (last != null && writeId.isPresent() && last.writeId().equals(writeId.get())) {
            confirm(askedAtNanos);
        } else {
            read();
        }
        pollLater();
    }

    private void pollLater() {
        polling = false;
        if (pollAgain) {
            pollAgain = false;
            poll();
            return;
        }
        if (nextPoll != null) {
            nextPoll.cancel(false);
        }
        nextPoll = closed ? null : loop.after(config.pollInterval(), this::poll);
    }

    private void read() {
        if (closed) {
            return;
        }
        if (reading) {
            readAgain = true;
            return;
        }
        reading = true;
        readStartedAtNanos = loop.nanoTime();
        long askedAtNanos = readStartedAtNanos;
        List<Consumer<Boolean>> joined = askers;
        askers = new ArrayList<>();
        loop.ask(client::readAsync, snapshot -> readEnded(joined, takeGuarded(askedAtNanos, snapshot)), error -> {
            failed(error);
            readEnded(joined, false);
        });
    }

    private void readEnded(List<Consumer<Boolean>> joined, boolean believed) {
        reading = false;
        joined.forEach(asker -> asker.accept(believed));
        if (readAgain) {
            readAgain = false;
            read();
        } else {
            scheduleAskedRead();
        }
    }

    /** A catalog that breaks us is one we cannot read. */
    private boolean takeGuarded(long askedAtNanos, Optional<CatalogSnapshot> read) {
        try {
            return take(askedAtNanos, read);
        } catch (Throwable e) {
            LOG.error("catalog of namespace '{}': a bug, or a catalog that cannot be", status.namespace(), e);
            fail(Condition.UNREADABLE, "catalog of namespace '" + status.namespace() + "' cannot be understood: " + e);
            return false;
        }
    }

    private boolean take(long askedAtNanos, Optional<CatalogSnapshot> read) {
        if (status.condition() == Condition.FORKED) {
            return false;
        }
        if (read.isEmpty()) {
            fail(
                    Condition.NOT_INITIALISED,
                    "namespace '" + status.namespace() + "' has no catalog. " + Remedies.NO_CATALOG);
            return false;
        }
        CatalogSnapshot snapshot = read.get();
        String fork = adopter.forkProblem(snapshot.catalog());
        if (fork != null) {
            LOG.error("{}", fork);
            status.fail(Condition.FORKED, fork);
            adopter.forked();
            return false;
        }
        boolean moved = last == null || !last.writeId().equals(snapshot.writeId());
        adopter.catalogRead(snapshot.catalog(), moved);
        last = snapshot; // not before: polls confirm what is in here
        confirm(askedAtNanos);
        return true;
    }

    private void confirm(long askedAtNanos) {
        Condition before = status.condition();
        if (before == Condition.FORKED) {
            return;
        }
        if (before != Condition.CONFIRMED && before != Condition.UNREAD) {
            LOG.info("catalog of namespace '{}' is confirmed again", status.namespace());
        }
        status.confirm(askedAtNanos);
    }

    private void failed(Throwable error) {
        boolean unreadable = error instanceof StoreException store
                && (store.code() == StoreException.Code.CORRUPT || store.code() == StoreException.Code.NEWER_FORMAT);
        fail(
                unreadable ? Condition.UNREADABLE : Condition.UNREACHABLE,
                Objects.requireNonNullElse(error.getMessage(), error.toString()));
    }

    private void fail(Condition condition, String problem) {
        if (status.condition() == Condition.FORKED) {
            return;
        }
        if (status.condition() != condition) {
            LOG.warn("{}; reads are answered from the present view for {} at most", problem, config.maxUnconfirmed());
        }
        status.fail(condition, problem);
    }

    @Override
    public void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        }
        if (nextPoll != null) {
            nextPoll.cancel(false);
        }
        List<Consumer<Boolean>> left = askers;
        askers = new ArrayList<>();
        left.forEach(asker -> asker.accept(false));
    }
}
