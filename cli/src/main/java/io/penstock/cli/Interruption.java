package io.penstock.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Turns Ctrl-C and SIGTERM into an interruption of the thread that runs the command, and holds the end of the process
 * until it has tidied up: a publication gives its slot back, a server drains.
 */
final class Interruption {
    private final CountDownLatch tidied = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Thread command, Supplier<Duration> max) {
        hook = new Thread(
                () -> {
                    command.interrupt();
                    try {
                        tidied.await(max.get().toNanos(), TimeUnit.NANOSECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "penstock-signal");
    }

    /** @param max how long the command may take to tidy up, asked for when the signal is there */
    static Interruption ofThisThread(Supplier<Duration> max) {
        Interruption interruption = new Interruption(Thread.currentThread(), max);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** The command is over; called on its thread. */
    void commandIsOver() {
        tidied.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already: the hook is what waits for this.
        }
    }
}
