package io.penstock.it.faults;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.List;

/** Names the ways a call fails: its status, and the server's reason if it gave one. */
final class Statuses {
    static final String STORE_UNREACHABLE = "UNAVAILABLE/STORE_UNREACHABLE";
    static final String CATALOG_UNCONFIRMED = "UNAVAILABLE/CATALOG_UNCONFIRMED";
    static final String NOT_INITIALISED = "UNAVAILABLE/NOT_INITIALISED";
    static final String VERSION_LOADING = "UNAVAILABLE/VERSION_LOADING";
    static final String DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED";
    static final String OVERLOADED = "RESOURCE_EXHAUSTED/OVERLOADED";
    static final String BUCKET_LOST = "DATA_LOSS/BUCKET_LOST";
    static final String BUCKET_CORRUPT = "DATA_LOSS/BUCKET_CORRUPT";

    private Statuses() {}

    static String describe(Status status, Metadata trailers) {
        com.google.rpc.Status details = StatusProto.fromStatusAndTrailers(status, trailers);
        for (Any detail : details == null ? List.<Any>of() : details.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return status.getCode() + "/"
                            + detail.unpack(ErrorInfo.class).getReason();
                } catch (InvalidProtocolBufferException e) {
                    return status.getCode() + "/" + e.getMessage();
                }
            }
        }
        return status.getCode().toString();
    }
}
