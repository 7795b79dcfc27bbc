package io.penstock.testkit;

import org.jspecify.annotations.Nullable;

/** The kit was asked for something it cannot do; the message says what to change in the test. */
public final class KitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, for programs. */
    public enum Code {
        /** A message is not a contract, or a contract is registered twice. */
        INVALID_CONTRACT,
        /** A row is of a message whose contract is not registered. */
        NOT_REGISTERED,
        /** Rows of several contracts where one is expected, or none at all. */
        WRONG_ROWS,
        /** The dataset is not served, so nothing can be done to its rows. */
        NOT_SERVED,
        /** The server did not start, or did not serve in time what was published. */
        NOT_READY,
        /** The kit was closed. */
        CLOSED
    }

    private final Code code;

    KitException(Code code, String message) {
        this(code, message, null);
    }

    KitException(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
