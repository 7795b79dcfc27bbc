package io.penstock.client;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs what a blocking read's requests have to do on the thread that waits for them: no hop, no other thread to be short
 * of. What arrives once nobody waits any more is run by whoever brings it; it is next to nothing by then.
 */
final class WaitingThread implements Executor {
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    /** Guarded by this for writing; read by whoever waits. */
    private volatile boolean over;

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (!over) {
                tasks.add(task);
                return;
            }
        }
        task.run();
    }

    /**
     * Runs the next task; false if none came in time.
     *
     * @param waitNanos the longest wait; negative: as long as it takes
     */
    boolean runNext(long waitNanos) throws InterruptedException {
        Runnable task = waitNanos < 0 ? tasks.take() : tasks.poll(waitNanos, TimeUnit.NANOSECONDS);
        if (task == null) {
            return false;
        }
        task.run();
        return true;
    }

    /** Nobody waits from here on. */
    void end() {
        synchronized (this) {
            over = true;
        }
        for (Runnable task = next(); task != null; task = next()) {
            task.run();
        }
    }

    private @Nullable Runnable next() {
        return tasks.poll();
    }
}
