package io.penstock.serving.read;

/** The timer of one event loop. Confined to it, and its tasks run there. */
@FunctionalInterface
public interface LoopTimer {
    /**
     * Runs a task once, on the loop, when the delay has passed.
     *
     * @param delayNanos more than 0
     * @return what takes the task back, if it has not run
     */
    Timeout schedule(Runnable task, long delayNanos);

    /** A task that was scheduled. */
    @FunctionalInterface
    interface Timeout {
        void cancel();
    }
}
