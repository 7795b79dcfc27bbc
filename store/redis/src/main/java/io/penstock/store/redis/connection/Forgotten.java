package io.penstock.store.redis.connection;

import org.jspecify.annotations.Nullable;

/** For futures nobody waits for, because what they tell is told elsewhere: a channel's end, a lost connection. */
final class Forgotten {
    private Forgotten() {}

    static void forget(@Nullable Object future) {
        // said on purpose
    }
}
