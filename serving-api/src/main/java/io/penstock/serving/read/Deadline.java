package io.penstock.serving.read;

import org.jspecify.annotations.Nullable;

/** Something that is over at a time, linked into its loop's {@link DeadlineWheel}. Confined to the loop. */
abstract class Deadline {
    /** Of the wheel; null while it is in none. */
    @Nullable
    Deadline previous;

    @Nullable
    Deadline next;

    long tick;

    final boolean isInWheel() {
        return previous != null;
    }

    /** Its time has come. It is in no wheel any more. */
    abstract void expired();
}
