package io.penstock.client;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;
import org.jspecify.annotations.Nullable;

/** The request cannot be answered by any server: the caller, or what it was given, has to change. */
public final class InvalidRequestException extends PenstockException {
    private static final long serialVersionUID = 1L;

    InvalidRequestException(Status.Code code, Reason reason, String message, @Nullable Throwable cause) {
        super(code, reason, message, cause);
    }
}
