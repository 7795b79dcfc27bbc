package io.penstock.store.lmdb;

import io.penstock.store.Headroom;
import io.penstock.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.Env;
import org.lmdbjava.EnvInfo;
import org.lmdbjava.Txn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open LMDB environment and the two threads that serve it. LMDB forbids a process to open one twice (closing either
 * would drop the file locks of both), so the handles of a process share it by its real path and count their references;
 * readers count too, so that the map is never unmapped under one.
 */
final class LmdbEnvironment {
    /** How often watches look, and other processes' moves are noticed at the latest. */
    static final long POLL_MILLIS = 100;

    /** How often the reader slots of processes that died are freed; a dead reader keeps pages from being reused. */
    static final long READER_CHECK_SECONDS = 10;

    /** How long the writer of a catalog or a presence record waits before it is told that the outcome is unknown. */
    static final long WRITE_SECONDS_MAX = 10;

    /** Space that blobs leave to the catalog, presence and deletes, so that a full store can be cleaned up. */
    static final long RESERVE_BYTES_MAX = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(LmdbEnvironment.class);

    /** Environments of this process by real path, those being closed included. Guarded by itself. */
    private static final Map<Path, LmdbEnvironment> OPEN = new HashMap<>();

    private final Path directory;
    private final Env<ByteBuffer> env;
    private final Dbi<ByteBuffer> dbi;
    private final LmdbConfig config;
    private final @Nullable Object dataFileKey;
    private final PresenceObservations presence;
    private final WriteLoop writes;
    private final CatalogWatches watches;

    /** One thread: reads that nobody's event loop waits for, and polls. */
    private final ScheduledThreadPoolExecutor reads;

    /** Written before the environment is handed out. */
    private final List<ScheduledFuture<?>> periodic = new ArrayList<>();

    /** Set when the executor makes its thread. */
    private volatile @Nullable Thread readsThread;

    /** Confined to the thread of {@link #reads}; closed after it has ended. */
    private final Snapshot snapshot;

    private final AtomicInteger references = new AtomicInteger(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    private LmdbEnvironment(LmdbConfig config, Path directory, OpenedFile opened, LongSupplier nanoClock) {
        this.config = config;
        this.directory = directory;
        this.env = opened.env();
        this.dbi = opened.dbi();
        this.dataFileKey = fileKey(directory);
        this.presence = new PresenceObservations(nanoClock);
        this.snapshot = new Snapshot(env, dbi);
        this.reads = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "penstock-lmdb-reads");
            thread.setDaemon(true);
            readsThread = thread;
            return thread;
        });
        reads.setRemoveOnCancelPolicy(true);
        this.writes = new WriteLoop(this);
        this.watches = new CatalogWatches(this);
    }

    /** Opens the environment, or takes another reference to it if this process has it open. */
    static LmdbEnvironment open(LmdbConfig config, boolean create, LongSupplier nanoClock) {
        Path directory = EnvironmentFiles.prepare(config, create);
        while (true) {
            LmdbEnvironment present;
            synchronized (OPEN) {
                present = OPEN.get(directory);
                if (present == null) {
                    OpenedFile opened = EnvironmentFiles.open(config, directory, create);
                    LmdbEnvironment fresh = new LmdbEnvironment(config, directory, opened, nanoClock);
                    fresh.start();
                    OPEN.put(directory, fresh);
                    return fresh;
                }
            }
            if (present.retain()) {
                present.requireSame(config);
                return present;
            }
            present.awaitClosed();
        }
    }

    private void start() {
        clearStaleReaders();
        periodic.add(reads.scheduleWithFixedDelay(watches::poll, POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS));
        periodic.add(reads.scheduleWithFixedDelay(
                this::clearStaleReaders, READER_CHECK_SECONDS, READER_CHECK_SECONDS, TimeUnit.SECONDS));
    }

    /** Frees the slots of processes that died; returns how many, 0 if it could not look. */
    int clearStaleReaders() {
        try {
            int cleared = env.readerCheck();
            if (cleared > 0) {
                LOG.info("LMDB store {}: freed {} reader slots of processes that died", directory, cleared);
            }
            return cleared;
        } catch (RuntimeException e) {
            LOG.warn(
                    "LMDB store {}: cannot look for dead readers; the file may grow until it is restarted",
                    directory,
                    e);
            return 0;
        }
    }

    private void requireSame(LmdbConfig other) {
        if (other.mapSizeBytes().isPresent() && !other.mapSizeBytes().equals(config.mapSizeBytes())) {
            release();
            throw new StoreException(
                    StoreException.Code.INVALID_URL,
                    "store URL " + other.url() + ": this process has it open already as " + config.url()
                            + " (expected: the same map_size)");
        }
    }

    /** Whether the caller is one of the threads that answer: such a one must not wait for an answer. */
    boolean isOwnThread() {
        return writes.isCurrentThread() || Thread.currentThread() == readsThread;
    }

    Path directory() {
        return directory;
    }

    Env<ByteBuffer> env() {
        return env;
    }

    WriteLoop writes() {
        return writes;
    }

    CatalogWatches watches() {
        return watches;
    }

    PresenceObservations presence() {
        return presence;
    }

    /** A snapshot of one's own; whoever opens one holds a reference to this environment until it is closed. */
    Snapshot newSnapshot() {
        return new Snapshot(env, dbi);
    }

    /**
     * Writes ahead of blobs, and answers in time: LMDB waits for another process's write transaction as long as that
     * lasts, so the outcome is reported unknown after {@link #WRITE_SECONDS_MAX}; it may still happen later.
     */
    <T> CompletableFuture<T> writeUrgently(Write<T> write) {
        writes.submitUrgent(write);
        if (!write.result().isDone()) {
            try {
                ScheduledFuture<?> timeout =
                        reads.schedule(() -> write.unknown(writeTimeout()), WRITE_SECONDS_MAX, TimeUnit.SECONDS);
                return write.result().whenComplete((value, error) -> timeout.cancel(false));
            } catch (RejectedExecutionException e) {
                return write.result(); // closing; the writer thread ends after this write
            }
        }
        return write.result();
    }

    private StoreException writeTimeout() {
        return new StoreException(
                StoreException.Code.UNREACHABLE,
                "LMDB store " + directory + ": not written within " + WRITE_SECONDS_MAX + " s; another process may be"
                        + " stopped in the middle of a write (look for one in state T), or the disk is very slow");
    }

    /** Runs a read on the reads thread. */
    <T> CompletableFuture<T> read(Function<Snapshot, T> action) {
        try {
            return CompletableFuture.supplyAsync(() -> readHere(action), reads)
                    .exceptionallyCompose(e -> CompletableFuture.failedFuture(unwrap(e)));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(LmdbErrors.closed("LMDB store " + directory));
        }
    }

    private static Throwable unwrap(Throwable error) {
        return error.getCause() instanceof StoreException store ? store : error;
    }

    /** Runs a read on the reads thread, from that thread. */
    <T> T readHere(Function<Snapshot, T> action) {
        try {
            snapshot.begin();
            return action.apply(snapshot);
        } catch (RuntimeException e) {
            throw LmdbErrors.of(e, directory);
        } finally {
            snapshot.end();
        }
    }

    long lastTransactionId() {
        return env.info().lastTransactionId;
    }

    /** The view of a write transaction that has just begun. */
    WriteTransaction writeTransaction(Txn<ByteBuffer> txn, ByteBuffer key) {
        EnvInfo info = env.info();
        var stat = dbi.stat(txn);
        long used = (stat.branchPages + stat.leafPages + stat.overflowPages) * stat.pageSize;
        long free = freeBytes(info, used, stat.pageSize);
        return new WriteTransaction(dbi, txn, key, reserveBytes(info), free);
    }

    Headroom headroom(Snapshot from) {
        EnvInfo info = env.info();
        long used = from.usedBytes();
        long free = freeBytes(info, used, env.stat().pageSize) - reserveBytes(info);
        return new Headroom(used, used + Math.max(0, free));
    }

    /** What the pages that hold no data, and the growth that map and disk allow, add up to. */
    private long freeBytes(EnvInfo info, long usedBytes, long pageBytes) {
        long fileBytes = (info.lastPageNumber + 1) * pageBytes;
        long diskBytes = directory.toFile().getUsableSpace();
        return fileBytes - usedBytes + Math.min(info.mapSize - fileBytes, diskBytes);
    }

    private static long reserveBytes(EnvInfo info) {
        return Math.min(RESERVE_BYTES_MAX, info.mapSize / 8);
    }

    /** @throws StoreException if what is on the disk is no longer what is open, or cannot be trusted to keep it */
    void checkHealth() {
        Object present = fileKey(directory);
        if (present == null || !present.equals(dataFileKey)) {
            throw new StoreException(
                    StoreException.Code.UNSAFE,
                    "LMDB store " + directory
                            + ": its data.mdb was deleted or replaced while it was open; restart every"
                            + " process that uses it");
        }
        EnvironmentFiles.requireLocalDisk(directory);
    }

    private static @Nullable Object fileKey(Path directory) {
        return EnvironmentFiles.fileKey(EnvironmentFiles.dataFile(directory));
    }

    /** Takes a reference unless the last one is gone. */
    boolean retain() {
        int present = references.get();
        while (present > 0) {
            if (references.compareAndSet(present, present + 1)) {
                return true;
            }
            present = references.get();
        }
        return false;
    }

    /** Gives a reference back; the last one closes everything, after what was asked has been done. */
    void release() {
        if (references.decrementAndGet() > 0) {
            return;
        }
        Thread closer = new Thread(this::closeNow, "penstock-lmdb-close");
        closer.setDaemon(true);
        closer.start();
        if (!isOwnThread()) {
            awaitClosed();
        }
    }

    private void closeNow() {
        try {
            writes.close();
            periodic.forEach(task -> task.cancel(false));
            reads.shutdown();
            while (!reads.awaitTermination(1, TimeUnit.MINUTES)) {
                LOG.warn("LMDB store {}: a read takes long; waiting for it before the store is closed", directory);
            }
            snapshot.close();
            env.close();
        } catch (InterruptedException e) {
            LOG.warn("LMDB store {}: interrupted while closing; it stays open until this process ends", directory);
        } finally {
            synchronized (OPEN) {
                OPEN.remove(directory);
            }
            closed.countDown();
        }
    }

    private void awaitClosed() {
        boolean interrupted = false;
        while (closed.getCount() > 0) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What {@link EnvironmentFiles} opened. */
    record OpenedFile(Env<ByteBuffer> env, Dbi<ByteBuffer> dbi) {}
}
