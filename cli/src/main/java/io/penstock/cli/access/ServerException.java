package io.penstock.cli.access;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.penstock.client.PenstockException;
import io.penstock.serving.v1.Reason;

/** A server refused a call or did not answer it; the message names the server and what to do. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Status.Code code;
    private final Reason reason;

    public ServerException(String address, PenstockException cause) {
        super("server " + address + ": " + said(cause), cause);
        this.code = cause.code();
        this.reason = cause.reason();
    }

    public Status.Code code() {
        return code;
    }

    /** {@code REASON_UNSPECIFIED} if the server gave none. */
    public Reason reason() {
        return reason;
    }

    /** A server that describes a failure says what to do, too. */
    private static String said(PenstockException failure) {
        boolean described = failure.reason() != Reason.REASON_UNSPECIFIED
                && failure.getCause() instanceof StatusRuntimeException answer
                && answer.getStatus().getDescription() != null;
        return described
                ? String.valueOf(failure.getMessage())
                : failure.getMessage() + ServerAdvice.after(failure.code(), failure.reason());
    }
}
