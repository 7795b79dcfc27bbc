package io.penstock.serving.grpc;

import com.google.rpc.Code;
import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.penstock.serving.read.Failure;
import io.penstock.serving.v1.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of answers that were handed to a connection and not yet written to its socket. A caller that asks and does not
 * read would otherwise have the server keep all it asked for. Confined to the connection's loop; hot.
 */
final class Unwritten {
    /** Of one connection; beyond it look-ups are refused until the caller has read. */
    static final long BYTES_MAX = 64L << 20;

    static final Failure REFUSAL = new Failure(
            Reason.REASON_OVERLOADED,
            Code.RESOURCE_EXHAUSTED_VALUE,
            "more than " + BYTES_MAX + " bytes of answers wait for this connection's caller to read them; read them, or"
                    + " have fewer calls at a time");

    private static final Attributes.Key<Unwritten> KEY = Attributes.Key.create("penstock-unwritten");

    private long bytes;

    /** Gives each connection its count. */
    static ServerTransportFilter filter() {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes attributes) {
                return attributes.toBuilder().set(KEY, new Unwritten()).build();
            }
        };
    }

    /** The count of a call's connection; one of its own if the transport has none. */
    static Unwritten of(Attributes attributes) {
        @Nullable Unwritten ofConnection = attributes.get(KEY);
        return ofConnection == null ? new Unwritten() : ofConnection;
    }

    boolean isFull() {
        return bytes >= BYTES_MAX;
    }

    void add(long more) {
        bytes += more;
    }
}
