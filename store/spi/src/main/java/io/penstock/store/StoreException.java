package io.penstock.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A store could not do what was asked. The {@link Code} is stable and says what a caller can do about it; the message
 * says what happened, to what, and what to do, and never holds keys, values or passwords.
 */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;

    public StoreException(Code code, String message) {
        this(code, message, null);
    }

    public StoreException(Code code, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.code = Objects.requireNonNull(code);
    }

    public Code code() {
        return code;
    }

    /** Why a store failed. Names are stable. */
    public enum Code {
        /** The URL cannot be understood, names no known backend, or has an option the backend does not have. */
        INVALID_URL,
        /** There is no store there and the caller did not ask to create one. */
        NOT_FOUND,
        /** No connection, or no answer in time. Trying again later makes sense. */
        UNREACHABLE,
        /** A bounded queue is full. Trying again later makes sense. */
        OVERLOADED,
        /** No space or memory left for a write. */
        FULL,
        /** The store is configured in a way that would lose data, such as an evicting memory policy. */
        UNSAFE,
        /** A stored value is damaged or not where it belongs. */
        CORRUPT,
        /** A stored value was written by a newer format than this program knows. */
        NEWER_FORMAT,
        /** The namespace has no catalog: nobody published to it or ran {@code penstock store init}. */
        NOT_INITIALISED,
        /** The store, or this handle of it, was closed. */
        CLOSED,
        /** A bug of ours or of the driver. */
        INTERNAL
    }
}
