package io.penstock.store.redis;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Speaks TLS for a server that may have been built without it. Its certificate is for localhost and signs itself. */
final class TlsProxy implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel listening;

    /** @param wantsCertificate whether callers must show a certificate */
    TlsProxy(int serverPort, boolean wantsCertificate) throws SSLException {
        SslContext tls = SslContextBuilder.forServer(certificate(), key())
                .trustManager(certificate())
                .clientAuth(wantsCertificate ? ClientAuth.REQUIRE : ClientAuth.NONE)
                .build();
        listening = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                        connect(channel, serverPort);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private void connect(Channel caller, int serverPort) {
        var unused = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(new Passing(caller))
                .connect(InetAddress.getLoopbackAddress(), serverPort)
                .addListener((ChannelFutureListener) connected -> {
                    caller.pipeline().addLast(new Passing(connected.channel()));
                    caller.config().setAutoRead(true);
                });
    }

    int port() {
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    static File certificate() {
        return resource("tls-cert.pem");
    }

    static File key() {
        return resource("tls-key.pem");
    }

    private static File resource(String name) {
        try {
            return new File(
                    Objects.requireNonNull(TlsProxy.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        var unused = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        group.terminationFuture().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    /** Hands what it reads to another channel. */
    private static final class Passing extends ChannelInboundHandlerAdapter {
        private final Channel other;

        Passing(Channel other) {
            this.other = other;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var unused = other.writeAndFlush(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            var unused = other.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var unused = context.close(); // a failed handshake
        }
    }
}
