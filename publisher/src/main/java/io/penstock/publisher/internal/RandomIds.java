package io.penstock.publisher.internal;

import java.util.random.RandomGenerator;

/** Makes the ids of operations and generations. */
public final class RandomIds {
    private RandomIds() {}

    /** A random id that is not 0, for 0 says that there is none. */
    public static long next(RandomGenerator random) {
        long id;
        do {
            id = random.nextLong();
        } while (id == 0);
        return id;
    }
}
