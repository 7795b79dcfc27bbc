package io.penstock.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an interruption of the thread that runs the command, and holds the end of the process
 * until it has tidied up: a publication gives its slot back, a server drains.
 */
final class Interruption {
    /** A server drains for at most 8 seconds by default; whoever sent the signal may not wait much longer. */
    private static final long SERVICE_SECONDS_MAX = 9;

    /** Nothing else has more to do than to tell others at once what they would find out in a few seconds. */
    private static final long OTHERS_SECONDS_MAX = 2;

    private final CountDownLatch tidied = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Thread command, long secondsMax) {
        hook = new Thread(
                () -> {
                    command.interrupt();
                    try {
                        tidied.await(secondsMax, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "penstock-signal");
    }

    /** @param service whether the command runs until it is stopped */
    static Interruption ofThisThread(boolean service) {
        Interruption interruption =
                new Interruption(Thread.currentThread(), service ? SERVICE_SECONDS_MAX : OTHERS_SECONDS_MAX);
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
