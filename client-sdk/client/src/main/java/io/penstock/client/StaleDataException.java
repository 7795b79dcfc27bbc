package io.penstock.client;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;
import org.jspecify.annotations.Nullable;

/** There is data, and it is older than the caller's {@code maxAge} or past its version's expiry. */
public final class StaleDataException extends PenstockException {
    private static final long serialVersionUID = 1L;

    StaleDataException(Status.Code code, Reason reason, String message, @Nullable Throwable cause) {
        super(code, reason, message, cause);
    }
}
