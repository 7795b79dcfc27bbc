package io.penstock.serving.grpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;

/** An answer without a message: one HEADERS frame that says why. */
final class Refusal extends Answer {
    private final Http2Headers headers;

    Refusal(LookupFrames connection, Http2Stream stream, ChannelHandlerContext context, Http2Headers headers) {
        super(connection, stream, context);
        this.headers = headers;
    }

    /** Headers are not subject to the caller's window. */
    @Override
    public int size() {
        return 0;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the promise that ends the stream
    public void write(ChannelHandlerContext context, int allowedBytes) {
        connection().writeLast(context, stream(), headers, written());
    }

    @Override
    void release() {
        // nothing is held
    }
}
