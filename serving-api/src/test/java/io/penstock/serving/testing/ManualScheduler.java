package io.penstock.serving.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A single thread whose time the test moves: tasks run in {@link #advance} and {@link #run}, on the caller's thread, in
 * the order of their times. It is monotonic clock and wall clock, too; {@link #jump} moves the latter alone.
 */
public final class ManualScheduler extends AbstractExecutorService implements ScheduledExecutorService, InstantSource {
    private static final int TASKS_MAX = 100_000;

    // Guarded by this: tasks may be submitted by any thread.
    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>(
            Comparator.<Task<?>>comparingLong(task -> task.at).thenComparingLong(task -> task.order));
    private long nowNanos = 1_000_000_000_000L;
    private long submitted;
    private Instant wallClock = Instant.parse("2026-11-20T12:00:00Z");
    private boolean shutdown;

    /** The monotonic clock's reading. */
    public synchronized long nanoTime() {
        return nowNanos;
    }

    @Override
    public synchronized Instant instant() {
        return wallClock;
    }

    /** Moves the wall clock, as an administrator would. */
    public synchronized void jump(Duration by) {
        wallClock = wallClock.plus(by);
    }

    /** Runs everything that is due, and what that makes due, without moving time. */
    public void run() {
        advance(Duration.ZERO);
    }

    /** Moves both clocks, stopping at each task on the way to run it. */
    public void advance(Duration by) {
        long until = nanoTime() + by.toNanos();
        for (int ran = 0; ran < TASKS_MAX; ran++) {
            Task<?> next = takeDueBy(until);
            if (next == null) {
                moveTo(until);
                return;
            }
            moveTo(Math.max(next.at, nanoTime()));
            next.runOnce();
        }
        throw new AssertionError("more than " + TASKS_MAX + " tasks: something schedules itself without a delay");
    }

    private synchronized @Nullable Task<?> takeDueBy(long until) {
        Task<?> next = tasks.peek();
        return next == null || next.at > until ? null : tasks.poll();
    }

    private synchronized void moveTo(long nanos) {
        wallClock = wallClock.plusNanos(nanos - nowNanos);
        nowNanos = nanos;
    }

    @Override
    public void execute(Runnable command) {
        add(new Task<>(command, 0, 0));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return added(new Task<>(command, unit.toNanos(delay), 0));
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return added(new Task<>(callable, unit.toNanos(delay)));
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return added(new Task<>(command, unit.toNanos(initialDelay), unit.toNanos(period)));
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return scheduleAtFixedRate(command, initialDelay, delay, unit);
    }

    private <V> Task<V> added(Task<V> task) {
        add(task);
        return task;
    }

    private synchronized void add(Task<?> task) {
        if (!shutdown) {
            tasks.add(task);
        }
    }

    private synchronized void remove(Task<?> task) {
        tasks.remove(task);
    }

    @Override
    public synchronized void shutdown() {
        shutdown = true;
        tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return new ArrayList<>();
    }

    @Override
    public synchronized boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return isShutdown();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isShutdown();
    }

    private final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {
        private final long order;
        private final long periodNanos;
        private long at;

        @SuppressWarnings("NullAway") // a Runnable's FutureTask has no result
        private Task(Runnable command, long delayNanos, long periodNanos) {
            super(command, null);
            this.periodNanos = periodNanos;
            synchronized (ManualScheduler.this) {
                at = nowNanos + delayNanos;
                order = submitted++;
            }
        }

        private Task(Callable<V> callable, long delayNanos) {
            super(callable);
            periodNanos = 0;
            synchronized (ManualScheduler.this) {
                at = nowNanos + delayNanos;
                order = submitted++;
            }
        }

        private void runOnce() {
            if (periodNanos == 0) {
                run();
            } else if (runAndReset()) {
                at += periodNanos;
                add(this);
            }
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            remove(this);
            return super.cancel(mayInterruptIfRunning);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
