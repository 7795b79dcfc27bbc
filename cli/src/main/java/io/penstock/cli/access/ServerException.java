package io.penstock.cli.access;

import io.grpc.Status;
import io.penstock.client.PenstockException;
import io.penstock.serving.v1.Reason;

/** A server refused a call or did not answer it; the message names the server and what to do. */
public final class ServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String REASON_PREFIX = "REASON_";

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

    /** A server that says more than its reason says what to do, too. */
    private static String said(PenstockException cause) {
        String message = String.valueOf(cause.getMessage());
        boolean explained = cause.reason() != Reason.REASON_UNSPECIFIED
                && !message.endsWith("(" + cause.reason().name().substring(REASON_PREFIX.length()) + ")");
        return explained ? message : message + ServerAdvice.after(cause.code(), cause.reason());
    }
}
