package io.penstock.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests may be sent beyond those that were asked for: a share of the latter, and a few at once. A token
 * bucket that reads fill and extra requests empty. Thread-safe.
 */
final class Budget {
    /** Extra requests that may follow each other at once. */
    static final int BURST_MAX = 10;

    private static final int HUNDREDTHS = 100;

    private final int hundredthsARead;

    /** Hundredths of an extra request. */
    private final AtomicInteger saved = new AtomicInteger(BURST_MAX * HUNDREDTHS);

    Budget(int extraPercentMax) {
        this.hundredthsARead = extraPercentMax;
    }

    /** A read begins. */
    void read() {
        if (saved.get() < BURST_MAX * HUNDREDTHS) {
            saved.addAndGet(hundredthsARead);
        }
    }

    /** Takes an extra request; false if there is none to be had. */
    boolean tryTake() {
        int before;
        do {
            before = saved.get();
            if (before < HUNDREDTHS) {
                return false;
            }
        } while (!saved.compareAndSet(before, before - HUNDREDTHS));
        return true;
    }

    /** There is too much already: nothing extra until as many reads as it takes to save for it again. */
    void empty() {
        saved.set(0);
    }
}
