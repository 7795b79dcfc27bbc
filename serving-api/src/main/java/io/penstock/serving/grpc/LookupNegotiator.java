package io.penstock.serving.grpc;

import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Has look-ups taken out of each connection before gRPC sees them: as a connection is set up, {@link LookupFrames} are
 * put before gRPC's own listener for HTTP/2 frames. This is the one place that uses what gRPC calls internal, because
 * nothing public shows a connection between its TLS handshake and its first frame.
 */
final class LookupNegotiator implements ProtocolNegotiator {
    private final ProtocolNegotiator negotiator;
    private final Lookups lookups;

    private LookupNegotiator(ProtocolNegotiator negotiator, Lookups lookups) {
        this.negotiator = negotiator;
        this.lookups = lookups;
    }

    /** @param tls null: plaintext */
    static ServerCredentials credentials(@Nullable SslContext tls, Lookups lookups) {
        return InternalNettyServerCredentials.create(new LookupNegotiator(
                tls == null
                        ? InternalProtocolNegotiators.serverPlaintext()
                        : InternalProtocolNegotiators.serverTls(tls),
                lookups));
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler connection) {
        Http2ConnectionDecoder decoder = connection.decoder();
        decoder.frameListener(new LookupFrames(lookups, connection, decoder.frameListener()));
        return negotiator.newHandler(connection);
    }

    @Override
    public AsciiString scheme() {
        return negotiator.scheme();
    }

    @Override
    public void close() {
        negotiator.close();
    }
}
