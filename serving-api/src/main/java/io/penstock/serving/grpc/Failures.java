package io.penstock.serving.grpc;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.protobuf.ProtoUtils;
import io.penstock.serving.read.Failure;
import io.penstock.serving.v1.Reason;

/** Makes of a failure what goes over the wire: a status, and an {@code ErrorInfo} in the trailers for programs. */
final class Failures {
    static final String DOMAIN = "penstock";
    private static final String PREFIX = "REASON_";
    /** Where gRPC's libraries look for {@code google.rpc.Status}. */
    private static final Metadata.Key<com.google.rpc.Status> DETAILS = Metadata.Key.of(
            "grpc-status-details-bin", ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    private Failures() {}

    static StatusException exception(Failure failure) {
        return new StatusException(status(failure), trailers(failure));
    }

    /** No exception is made of it on the event loops: to refuse must stay cheaper than to answer. */
    static Status status(Failure failure) {
        return Status.fromCodeValue(failure.code()).withDescription(failure.message());
    }

    static Metadata trailers(Failure failure) {
        Metadata trailers = new Metadata();
        trailers.put(DETAILS, details(failure));
        return trailers;
    }

    /** What goes into {@code grpc-status-details-bin}. */
    static com.google.rpc.Status details(Failure failure) {
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder().setCode(failure.code()).setMessage(failure.message());
        if (saysMoreThanTheCode(failure.reason())) {
            status.addDetails(Any.pack(info(failure)));
        }
        return status.build();
    }

    private static ErrorInfo info(Failure failure) {
        ErrorInfo.Builder info = ErrorInfo.newBuilder().setDomain(DOMAIN).setReason(name(failure.reason()));
        if (!failure.setting().isEmpty()) {
            info.putMetadata("setting", failure.setting()).putMetadata("limit", Long.toString(failure.limit()));
        }
        return info.build();
    }

    /** The reason as callers see it: without the enum's prefix. */
    static String name(Reason reason) {
        return reason.name().substring(PREFIX.length());
    }

    /** These stand for a code in a batch's rows, where there is only the enum; a status says them by itself. */
    private static boolean saysMoreThanTheCode(Reason reason) {
        return switch (reason) {
            case REASON_UNSPECIFIED, REASON_DEADLINE_EXCEEDED, REASON_INTERNAL, UNRECOGNIZED -> false;
            case REASON_EMPTY_KEY,
                    REASON_KEY_TOO_LONG,
                    REASON_KEY_NOT_UTF8,
                    REASON_TOO_MANY_KEYS,
                    REASON_INVALID_DATASET,
                    REASON_MALFORMED_REQUEST,
                    REASON_INVALID_FIELD,
                    REASON_TOO_MANY_FIELDS,
                    REASON_UNKNOWN_DATASET,
                    REASON_UNKNOWN_VERSION,
                    REASON_VERSION_RETIRED,
                    REASON_VERSION_ROLLED_BACK,
                    REASON_TOO_OLD,
                    REASON_VERSION_EXPIRED,
                    REASON_BUCKET_LOST,
                    REASON_BUCKET_CORRUPT,
                    REASON_STORE_UNREACHABLE,
                    REASON_NOT_INITIALISED,
                    REASON_CATALOG_UNCONFIRMED,
                    REASON_REVISION_NOT_REACHED,
                    REASON_VERSION_LOADING,
                    REASON_OVERLOADED,
                    REASON_QUOTA,
                    REASON_RESPONSE_TOO_LARGE,
                    REASON_UNSUPPORTED_OPTION -> true;
        };
    }
}
