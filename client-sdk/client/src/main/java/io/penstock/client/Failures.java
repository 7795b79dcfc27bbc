package io.penstock.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.penstock.contract.ContractException;
import io.penstock.serving.v1.Reason;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The one place that turns statuses into exceptions. */
final class Failures {
    private static final String DOMAIN = "penstock";
    private static final String REASON_PREFIX = "REASON_";

    private Failures() {}

    /**
     * A call that failed as a whole.
     *
     * @param target what the client reads from, as its user wrote it
     */
    static PenstockException ofCall(String what, String target, Throwable failure) {
        Status status = Status.fromThrowable(failure);
        Metadata trailers = Status.trailersFromThrowable(failure);
        Reason reason = trailers == null ? Reason.REASON_UNSPECIFIED : reason(status, trailers);
        String description = described(status);
        String remedy = reason == Reason.REASON_UNSPECIFIED ? Diagnosis.remedy(status, description) : null;
        if (remedy != null) {
            description = (description == null || description.isEmpty() ? "" : description + " ") + "(" + target + "): "
                    + remedy;
        }
        if (description == null || description.isEmpty()) {
            description = Diagnosis.remedy(reason);
        }
        return of(what, status.getCode(), reason, description, failure);
    }

    /** With what the operating system said, which gRPC hides among the causes: refused, no such host. */
    private static @Nullable String described(Status status) {
        Throwable root = status.getCause();
        while (root != null && root.getCause() != null) {
            root = root.getCause();
        }
        String description = status.getDescription();
        if (root == null || root.getMessage() == null) {
            return description;
        }
        return description == null || root.getMessage().contains(description)
                ? root.getMessage()
                : description + ": " + root.getMessage();
    }

    /** A group or a row of a batch that failed by itself. */
    static PenstockException ofPart(String what, int codeValue, Reason reason) {
        Status.Code code = Status.fromCodeValue(codeValue).getCode();
        // A failure whose code says OK is a server's bug, and still no answer.
        return of(what, code == Status.Code.OK ? Status.Code.INTERNAL : code, reason, Diagnosis.remedy(reason), null);
    }

    /** An answer that this client cannot make sense of. */
    static PenstockException notUnderstood(String what, String found, @Nullable Throwable cause) {
        return of(what, Status.Code.INTERNAL, Reason.REASON_UNSPECIFIED, found, cause);
    }

    static PenstockException interrupted(String what, InterruptedException cause) {
        return of(what, Status.Code.CANCELLED, Reason.REASON_UNSPECIFIED, "the waiting thread was interrupted", cause);
    }

    /** What was under way when the client was closed and could not be finished. */
    static PenstockException closed(String what, Throwable cause) {
        return of(what, Status.Code.CANCELLED, Reason.REASON_UNSPECIFIED, "the client was closed", cause);
    }

    /** Nothing ran when the deadline passed, not even gRPC's own end of the call. */
    static PenstockException stuck(String what, Throwable cause) {
        return of(
                what,
                Status.Code.DEADLINE_EXCEEDED,
                Reason.REASON_UNSPECIFIED,
                "the client's executor has no free thread: do not wait for reads on it, or give it more",
                cause);
    }

    static PenstockException serverEnded(String what) {
        return of(what, Status.Code.UNAVAILABLE, Reason.REASON_UNSPECIFIED, "the server ended it", null);
    }

    /** What a future failed with, with the waiting thread's stack beside it. */
    static RuntimeException rethrown(ExecutionException failure) {
        if (failure.getCause() instanceof RuntimeException cause) {
            cause.addSuppressed(new RuntimeException("waited for here"));
            return cause;
        }
        return new IllegalStateException(failure.getCause());
    }

    static PenstockException invalidKey(String dataset, ContractException refusal) {
        Reason reason = switch (refusal.code()) {
            case EMPTY_KEY -> Reason.REASON_EMPTY_KEY;
            case KEY_TOO_LONG -> Reason.REASON_KEY_TOO_LONG;
            case KEY_NOT_UTF8 -> Reason.REASON_KEY_NOT_UTF8;
            default -> Reason.REASON_MALFORMED_REQUEST;
        };
        return of("read of " + dataset, Status.Code.INVALID_ARGUMENT, reason, refusal.getMessage(), refusal);
    }

    private static PenstockException of(
            String what, Status.Code code, Reason sent, @Nullable String description, @Nullable Throwable cause) {
        Reason reason = sent == Reason.UNRECOGNIZED ? Reason.REASON_UNSPECIFIED : sent;
        StringBuilder message = new StringBuilder(what).append(": ").append(code);
        if (reason != Reason.REASON_UNSPECIFIED) {
            message.append(" (")
                    .append(reason.name(), REASON_PREFIX.length(), reason.name().length())
                    .append(')');
        }
        if (description != null && !description.isEmpty()) {
            message.append(": ").append(description);
        }
        return ofCategory(code, reason, message.toString(), cause);
    }

    private static PenstockException ofCategory(
            Status.Code code, Reason reason, String message, @Nullable Throwable cause) {
        return switch (code) {
            case INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED ->
                new InvalidRequestException(code, reason, message, cause);
            case NOT_FOUND -> new NotFoundException(code, reason, message, cause);
            case FAILED_PRECONDITION -> new StaleDataException(code, reason, message, cause);
            case DATA_LOSS -> new DataLossException(code, reason, message, cause);
            case UNAVAILABLE, DEADLINE_EXCEEDED -> new UnavailableException(code, reason, message, cause);
            case RESOURCE_EXHAUSTED ->
                reason == Reason.REASON_OVERLOADED || reason == Reason.REASON_QUOTA
                        ? new UnavailableException(code, reason, message, cause)
                        : new PenstockException(code, reason, message, cause);
            case OK, CANCELLED, UNKNOWN, ALREADY_EXISTS, PERMISSION_DENIED, ABORTED, INTERNAL, UNAUTHENTICATED ->
                new PenstockException(code, reason, message, cause);
        };
    }

    private static Reason reason(Status status, Metadata trailers) {
        try {
            com.google.rpc.Status detailed = StatusProto.fromStatusAndTrailers(status, trailers);
            for (Any detail : detailed.getDetailsList()) {
                if (detail.is(ErrorInfo.class)) {
                    ErrorInfo info = detail.unpack(ErrorInfo.class);
                    if (info.getDomain().equals(DOMAIN)) {
                        return reason(info.getReason());
                    }
                }
            }
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            // Details that do not parse, or of another status than the call's: the status itself still counts.
        }
        return Reason.REASON_UNSPECIFIED;
    }

    private static Reason reason(String name) {
        for (Reason reason : Reason.values()) {
            if (reason != Reason.UNRECOGNIZED && reason.name().equals(REASON_PREFIX + name)) {
                return reason;
            }
        }
        return Reason.REASON_UNSPECIFIED;
    }
}
