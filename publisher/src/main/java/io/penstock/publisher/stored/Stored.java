package io.penstock.publisher.stored;

import org.jspecify.annotations.Nullable;

/**
 * What stands at an address: a value, nothing, or something that fails its checks.
 *
 * @param value not null if and only if it is whole
 */
public record Stored<T>(State state, @Nullable T value) {
    /** In what condition it was found. */
    public enum State {
        WHOLE,
        MISSING,
        DAMAGED
    }

    public static <T> Stored<T> whole(T value) {
        return new Stored<>(State.WHOLE, value);
    }

    public static <T> Stored<T> missing() {
        return new Stored<>(State.MISSING, null);
    }

    public static <T> Stored<T> damaged() {
        return new Stored<>(State.DAMAGED, null);
    }

    /**
     * The value.
     *
     * @throws IllegalStateException if it is not whole
     */
    public T require() {
        if (value == null) {
            throw new IllegalStateException("the blob is " + state);
        }
        return value;
    }
}
