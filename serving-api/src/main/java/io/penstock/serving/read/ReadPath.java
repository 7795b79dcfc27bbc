package io.penstock.serving.read;

import java.nio.ByteBuffer;

/**
 * Answers look-ups on one event loop and is confined to it: every method is called on that loop, and every sink is
 * called there. It knows nothing of the transport, so that more than one can carry it.
 *
 * <p>No method blocks or throws. A sink gets exactly one answer, perhaps before the method returns, unless its call was
 * cancelled. The request's bytes are read between the buffer's position and limit, of an array it has, and are not kept: the caller may reuse
 * them when the method has returned. The buffer's position is not moved.
 */
public interface ReadPath extends AutoCloseable {
    /** The {@code deadlineNanos} of a caller that named none; the server's own bound holds. */
    long NO_DEADLINE = Long.MAX_VALUE;

    /**
     * Answers a {@code penstock.serving.v1.GetRequest} with a {@code GetResponse}.
     *
     * @param deadlineNanos on the scale of {@link System#nanoTime()}, or {@link #NO_DEADLINE}
     * @return what cancels the call, {@link ReadCall#ANSWERED} when the sink has its answer already
     */
    ReadCall get(ByteBuffer request, long deadlineNanos, ResponseSink sink);

    /**
     * Answers a {@code penstock.serving.v1.BatchGetRequest} with a {@code BatchGetResponse}.
     *
     * @param deadlineNanos on the scale of {@link System#nanoTime()}, or {@link #NO_DEADLINE}; keys that are not
     *     answered by then are answered as such
     * @return what cancels the call, {@link ReadCall#ANSWERED} when the sink has its answer already
     */
    ReadCall batchGet(ByteBuffer request, long deadlineNanos, ResponseSink sink);

    /** Fails what is unanswered and closes the loop's blob reader. Idempotent. */
    @Override
    void close();
}
