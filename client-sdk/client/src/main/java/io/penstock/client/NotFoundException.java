package io.penstock.client;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;
import org.jspecify.annotations.Nullable;

/** The dataset or the version that was asked for is not there: never was, is beyond retention, or was rolled back. */
public final class NotFoundException extends PenstockException {
    private static final long serialVersionUID = 1L;

    NotFoundException(Status.Code code, Reason reason, String message, @Nullable Throwable cause) {
        super(code, reason, message, cause);
    }
}
