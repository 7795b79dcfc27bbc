package io.penstock.client;

import io.grpc.Status;
import io.penstock.serving.v1.Reason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A read was not answered. Its subclasses are what a caller may act on; an instance of this class itself is a bug, a
 * refused identity, an answer that is too large, or a call the caller cancelled. The message names the dataset, never a
 * key or a value.
 */
public sealed class PenstockException extends RuntimeException
        permits DataLossException,
                InvalidRequestException,
                NotFoundException,
                StaleDataException,
                UnavailableException {
    private static final long serialVersionUID = 1L;

    private final Status.Code code;
    private final Reason reason;

    PenstockException(Status.Code code, Reason reason, String message, @Nullable Throwable cause) {
        super(Objects.requireNonNull(message), cause);
        this.code = Objects.requireNonNull(code);
        this.reason = Objects.requireNonNull(reason);
    }

    /** The status of the call, the group or the row. */
    public Status.Code code() {
        return code;
    }

    /** Penstock's reason; {@code REASON_UNSPECIFIED} when the failure is not a server's, or newer than this client. */
    public Reason reason() {
        return reason;
    }
}
