package io.penstock.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Reads that wait because the store is slow. A test that heals the store does not want them to go on waiting: look-ups of
 * the same bucket join the read that is on its way. Thread-safe.
 */
final class DelayedReads {
    private final Set<Read> waiting = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService timer;

    /** @param timer stays the caller's */
    DelayedReads(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** Sends a read off after some time, or earlier if {@link #release} is called. */
    void send(Runnable send, Duration after) {
        Read read = new Read(send);
        waiting.add(read);
        var unused = timer.schedule(() -> go(read), after.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Sends everything off that waits. */
    void release() {
        List.copyOf(waiting).forEach(this::go);
    }

    private void go(Read read) {
        if (waiting.remove(read)) {
            read.send.run();
        }
    }

    /** One read; equal to itself alone. */
    private static final class Read {
        private final Runnable send;

        Read(Runnable send) {
            this.send = send;
        }
    }
}
