package io.penstock.client;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;
import org.jspecify.annotations.Nullable;

/** The row was published, and the store has lost or damaged it. Publishing the data again heals it; until then it is unknown, not absent. */
public final class DataLossException extends PenstockException {
    private static final long serialVersionUID = 1L;

    DataLossException(Status.Code code, Reason reason, String message, @Nullable Throwable cause) {
        super(code, reason, message, cause);
    }
}
