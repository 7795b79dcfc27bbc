package io.penstock.store.testkit;

import io.penstock.store.EventLoopHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop for tests of readers: either a real thread, or the test's own thread, which then decides when each turn
 * happens.
 */
public final class TestEventLoop implements EventLoopHandle, AutoCloseable {
    private final @Nullable ExecutorService service;

    /** The loop's thread; written once, by that thread when there is a service. */
    private volatile @Nullable Thread thread;

    /** What the next turn of a stepping loop runs. Guarded by itself. */
    private final List<Runnable> tasks = new ArrayList<>();

    private TestEventLoop(@Nullable ExecutorService service, @Nullable Thread thread) {
        this.service = service;
        this.thread = thread;
    }

    /** A loop that belongs to the calling thread and moves only in {@link #runTurn}. */
    public static TestEventLoop stepping() {
        return new TestEventLoop(null, Thread.currentThread());
    }

    /** A loop on a thread of its own. */
    public static TestEventLoop started() {
        TestEventLoop loop = new TestEventLoop(
                Executors.newSingleThreadExecutor(task -> {
                    Thread thread = new Thread(task, "test-event-loop");
                    thread.setDaemon(true);
                    return thread;
                }),
                null);
        loop.run(() -> loop.thread = Thread.currentThread());
        return loop;
    }

    @Override
    public Executor executor() {
        if (service != null) {
            return service;
        }
        return task -> {
            synchronized (tasks) {
                tasks.add(task);
            }
        };
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public <T> @Nullable T unwrap(Class<T> type) {
        return null;
    }

    /** Runs an action on the loop and waits for it. */
    public void run(Runnable action) {
        call(() -> {
            action.run();
            return true;
        });
    }

    /** Calls an action on the loop and waits for what it returns. */
    public <T> T call(Callable<T> action) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable task = () -> {
            try {
                result.complete(action.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        };
        if (service == null || inEventLoop()) {
            task.run();
        } else {
            service.execute(task);
        }
        return Await.stage(result);
    }

    /**
     * Runs what had been submitted to a stepping loop when the turn began; what is submitted meanwhile is for the next.
     *
     * @return how many tasks ran
     */
    public int runTurn() {
        if (service != null || !inEventLoop()) {
            throw new IllegalStateException("runTurn is for the thread that made a stepping loop");
        }
        List<Runnable> turn;
        synchronized (tasks) {
            turn = List.copyOf(tasks);
            tasks.clear();
        }
        turn.forEach(Runnable::run);
        return turn.size();
    }

    /** Lets the loop run until a condition, looked at on the loop, holds. */
    public void runUntil(String what, BooleanSupplier condition) {
        if (service == null) {
            Await.until(what, () -> {
                runTurn();
                return condition.getAsBoolean();
            });
        } else {
            Await.until(what, () -> call(condition::getAsBoolean));
        }
    }

    /** Ends the loop's thread, if it has one of its own, after what was submitted. */
    @Override
    public void close() {
        if (service == null) {
            return;
        }
        service.shutdown();
        try {
            if (!service.awaitTermination(Await.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("event loop did not end within " + Await.LIMIT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
