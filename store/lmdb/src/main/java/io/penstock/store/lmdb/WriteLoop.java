package io.penstock.store.lmdb;

import io.penstock.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Txn;

/**
 * The one thread of a process that writes to an environment. It takes what is waiting into one transaction until that is
 * spent, and commits: many small writes share one flush to the disk, and other processes get their turn in between. The
 * queue is bounded by the window of each {@link LmdbBlobWriter}; catalog and presence overtake blobs.
 *
 * <p>A write that fails undoes its whole transaction; the others that were in it are done again, each by itself.
 */
final class WriteLoop {
    private final LmdbEnvironment environment;
    private final Thread thread;
    private final ByteBuffer key = ByteBuffer.allocateDirect(KeyNames.KEY_BYTES_MAX);

    // Guarded by this.
    private final Deque<Write<?>> urgent = new ArrayDeque<>();
    private final Deque<Write<?>> bulk = new ArrayDeque<>();
    private boolean closed;

    WriteLoop(LmdbEnvironment environment) {
        this.environment = environment;
        this.thread = new Thread(this::run, "penstock-lmdb-writer");
        thread.setDaemon(true);
        thread.start();
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /** Catalog and presence: small, and somebody's life depends on them. */
    void submitUrgent(Write<?> write) {
        submit(urgent, write);
    }

    void submit(Write<?> write) {
        submit(bulk, write);
    }

    private void submit(Deque<Write<?>> queue, Write<?> write) {
        synchronized (this) {
            if (!closed) {
                queue.add(write);
                notifyAll();
                return;
            }
        }
        write.fail(LmdbErrors.closed("LMDB store " + environment.directory()));
    }

    /** Takes nothing more, writes what is waiting, and ends the thread. */
    void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.join();
    }

    private void run() {
        Write<?> first = take();
        while (first != null) {
            write(first);
            first = take();
        }
    }

    /** Waits for a write; null when the loop is closed and nothing waits. */
    private synchronized @Nullable Write<?> take() {
        while (true) {
            Write<?> next = poll();
            if (next != null || closed) {
                return next;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                closed = true; // nobody but us has this thread
            }
        }
    }

    private synchronized @Nullable Write<?> poll() {
        Write<?> next = urgent.poll();
        return next != null ? next : bulk.poll();
    }

    private synchronized void putBack(Write<?> unfinished) {
        bulk.addFirst(unfinished);
    }

    private void write(Write<?> first) {
        List<Write<?>> group = new ArrayList<>();
        Attempt attempt = attempt(first, group, true);
        if (attempt.error == null) {
            finish(group, attempt.unfinished);
        } else if (attempt.isUnknown) {
            for (Write<?> write : group) {
                write.unknown(attempt.error);
            }
        } else if (group.size() == 1) {
            first.fail(attempt.error);
        } else {
            group.forEach(this::writeAlone);
        }
    }

    private void writeAlone(Write<?> write) {
        List<Write<?>> alone = new ArrayList<>();
        Attempt attempt = attempt(write, alone, false);
        if (attempt.error == null) {
            finish(alone, attempt.unfinished);
        } else if (attempt.isUnknown) {
            write.unknown(attempt.error);
        } else {
            write.fail(attempt.error);
        }
    }

    private void finish(List<Write<?>> group, @Nullable Write<?> unfinished) {
        if (unfinished != null) {
            putBack(unfinished);
        }
        for (Write<?> write : group) {
            if (write != unfinished) {
                write.complete();
            }
        }
    }

    /** Tries one transaction; {@code group} tells afterwards which writes were in it. */
    private Attempt attempt(Write<?> first, List<Write<?>> group, boolean withOthers) {
        boolean isCommitting = false;
        Write<?> unfinished = null;
        try (Txn<ByteBuffer> txn = environment.env().txnWrite()) {
            WriteTransaction transaction = environment.writeTransaction(txn, key);
            Write<?> next = first;
            while (next != null) {
                group.add(next);
                if (!next.step(transaction)) {
                    unfinished = next;
                    break;
                }
                next = withOthers && !transaction.isSpent() ? poll() : null;
            }
            isCommitting = true;
            txn.commit();
            if (group.stream().anyMatch(Write::isDurable)) {
                environment.env().sync(true);
            }
        } catch (RuntimeException | Error e) { // whatever it is, this thread goes on and somebody is told
            if (group.isEmpty()) {
                group.add(first);
            }
            group.forEach(Write::rolledBack);
            StoreException error = LmdbErrors.of(e, environment.directory());
            return new Attempt(null, error, isCommitting && error.code() != StoreException.Code.FULL);
        }
        group.forEach(Write::committed);
        return new Attempt(unfinished, null, false);
    }

    /**
     * What came of a transaction.
     *
     * @param isUnknown the commit failed for another reason than missing space, so it may have happened
     */
    private record Attempt(
            @Nullable Write<?> unfinished, @Nullable StoreException error, boolean isUnknown) {}
}
