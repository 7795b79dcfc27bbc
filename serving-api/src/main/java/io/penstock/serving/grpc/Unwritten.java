package io.penstock.serving.grpc;

import com.google.rpc.Code;
import io.penstock.serving.read.Failure;
import io.penstock.serving.v1.Reason;

/**
 * Bytes of answers that were handed to the connections of a loop, or to one of them, and not yet written to a socket. A
 * caller that asks and does not read would otherwise have the server keep all it asked for. Confined to the loop; hot.
 */
final class Unwritten {
    /** Of one connection; beyond it look-ups are refused until the caller has read. */
    static final long CONNECTION_BYTES_MAX = 64L << 20;

    private static final String SETTING = "limits.unwritten_bytes";

    private final long bytesMax;
    private final Failure refusal;
    private long bytes;

    private Unwritten(long bytesMax, Failure refusal) {
        this.bytesMax = bytesMax;
        this.refusal = refusal;
    }

    /** The count of all connections of a loop. */
    static Unwritten ofLoop(long bytesMax) {
        return new Unwritten(
                bytesMax,
                new Failure(
                        Reason.REASON_OVERLOADED,
                        Code.RESOURCE_EXHAUSTED_VALUE,
                        "more than " + bytesMax + " bytes of answers (" + SETTING
                                + ") wait for callers of this event loop"
                                + " to read them; try another server or later",
                        SETTING,
                        bytesMax));
    }

    /** The count of one connection. */
    static Unwritten ofConnection() {
        return new Unwritten(
                CONNECTION_BYTES_MAX,
                new Failure(
                        Reason.REASON_OVERLOADED,
                        Code.RESOURCE_EXHAUSTED_VALUE,
                        "more than " + CONNECTION_BYTES_MAX
                                + " bytes of answers wait for this connection's caller to read"
                                + " them; read them, or have fewer calls at a time"));
    }

    boolean isFull() {
        return bytes >= bytesMax;
    }

    /** What a look-up is told when it is full. */
    Failure refusal() {
        return refusal;
    }

    void add(long more) {
        bytes += more;
    }
}
