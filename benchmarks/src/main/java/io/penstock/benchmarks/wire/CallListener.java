package io.penstock.benchmarks.wire;

import io.netty.buffer.ByteBuf;

/** Hears what comes of the calls of its connections, on their event loop. It may send further calls from within. */
public interface CallListener {
    /** Not a gRPC status: nothing was heard of the call until well after its deadline. */
    int UNANSWERED = 17;

    /** The server has said what it allows, so calls can be sent. */
    void opened(CallConnection connection);

    /**
     * A call's answer is whole; {@link #ended} follows.
     *
     * @param buffer the listener's during the call
     */
    void message(long due, ByteBuf buffer, int offset, int length);

    /**
     * A call is over.
     *
     * @param status the number of a gRPC status, or {@link #UNANSWERED}
     */
    void ended(CallConnection connection, long due, int status);

    /** The connection is gone, and so are its calls, each of which has ended. */
    void closed(CallConnection connection, String reason);
}
