package io.penstock.serving.grpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2RemoteFlowController.FlowControlled;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/**
 * All a look-up's caller gets, in the hands of the flow control. Its stream is held until it was written, so that callers who
 * do not read have no more answers on their way than they may have streams. Confined to its connection's loop.
 */
abstract sealed class Answer implements FlowControlled permits Reply, Refusal {
    private final LookupFrames connection;
    private final Http2Stream stream;
    private final ChannelHandlerContext context;
    private final ChannelPromise written;

    Answer(LookupFrames connection, Http2Stream stream, ChannelHandlerContext context) {
        this.connection = connection;
        this.stream = stream;
        this.context = context;
        this.written = context.newPromise();
    }

    final LookupFrames connection() {
        return connection;
    }

    final Http2Stream stream() {
        return stream;
    }

    /** Of the last frame. */
    final ChannelPromise written() {
        return written;
    }

    /** Lets go of what was not written. */
    abstract void release();

    @Override
    public final void writeComplete() {
        connection.ended(context, stream, written);
    }

    /** The stream is over before all was written, or it could not be written. */
    @Override
    public final void error(@Nullable ChannelHandlerContext unused, Throwable cause) {
        release();
        if (stream.state() != Http2Stream.State.CLOSED && !stream.isResetSent()) {
            connection.reset(context, stream, Http2Error.INTERNAL_ERROR);
        }
    }

    @Override
    public final boolean merge(ChannelHandlerContext unused, FlowControlled next) {
        return false;
    }
}
