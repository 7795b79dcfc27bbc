package io.penstock.serving.adoption;

import io.penstock.store.EventLoopHandle;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The penstock-view thread, and its clocks. Everything that decides what is served is confined to it, so adoption needs
 * no lock; stores call back on their own threads and are brought here. Nothing that runs on it blocks.
 */
final class ViewLoop implements EventLoopHandle {
    private static final Logger LOG = LoggerFactory.getLogger(ViewLoop.class);

    private final ScheduledExecutorService scheduler;
    private final InstantSource clock;
    private final LongSupplier nanoTime;

    /** The thread that runs one of our tasks at the moment. Written by it, read by whoever asks. */
    private volatile @Nullable Thread running;

    /**
     * Takes a thread over.
     *
     * @param scheduler runs one task at a time, in order
     */
    ViewLoop(ScheduledExecutorService scheduler, InstantSource clock, LongSupplier nanoTime) {
        this.scheduler = scheduler;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Monotonic. */
    long nanoTime() {
        return nanoTime.getAsLong();
    }

    long millis() {
        return clock.millis();
    }

    InstantSource clock() {
        return clock;
    }

    ScheduledExecutorService scheduler() {
        return scheduler;
    }

    /** Runs a task on the loop. Any thread. Dropped after the loop has ended. */
    void execute(Runnable task) {
        try {
            scheduler.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            LOG.trace("the penstock-view thread has ended", e);
        }
    }

    /** Runs a task on the loop later. On the loop. */
    ScheduledFuture<?> after(Duration delay, Runnable task) {
        return scheduler.schedule(() -> run(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Asks, and brings the answer, or what went wrong, to the loop. Exactly one of the two is called. */
    <T extends @Nullable Object> void ask(
            Supplier<? extends CompletionStage<T>> question, Consumer<? super T> answered, Consumer<Throwable> failed) {
        CompletionStage<T> stage;
        try {
            stage = question.get();
        } catch (Throwable e) {
            execute(() -> failed.accept(e));
            return;
        }
        var unused = stage.handle((answer, error) -> {
            execute(error == null ? () -> answered.accept(answer) : () -> failed.accept(cause(error)));
            return null;
        });
    }

    private static Throwable cause(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof CompletionException && cause != null ? cause : error;
    }

    private void run(Runnable task) {
        running = Thread.currentThread();
        try {
            task.run();
        } catch (Throwable e) { // an Error, too, would be lost silently in the scheduler's future
            LOG.error("a bug in the penstock-view thread; the present view is held, please report it", e);
        } finally {
            running = null;
        }
    }

    @Override
    public Executor executor() {
        return this::execute;
    }

    @Override
    public boolean inEventLoop() {
        return Thread.currentThread() == running;
    }

    @Override
    public <T> @Nullable T unwrap(Class<T> type) {
        return null;
    }
}
