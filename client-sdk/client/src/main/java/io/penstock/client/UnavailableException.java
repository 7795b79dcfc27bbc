package io.penstock.client;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;
import org.jspecify.annotations.Nullable;

/** No answer now: unreachable, overloaded, not there yet, or not in time. Another server, or another try, may answer. */
public final class UnavailableException extends PenstockException {
    private static final long serialVersionUID = 1L;

    UnavailableException(Status.Code code, Reason reason, String message, @Nullable Throwable cause) {
        super(code, reason, message, cause);
    }
}
