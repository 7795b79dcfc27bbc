package io.penstock.serving.adoption;

import io.penstock.serving.v1.Reason;

/** A version cannot be loaded. The message is for the operator, the reason for a request that named the version. */
final class LoadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    LoadException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
