package io.penstock.serving.grpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.penstock.store.testkit.Await;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * An HTTP/2 connection of a caller who decides about each frame and sees each that comes back. By itself it only confirms
 * settings and pings.
 */
final class RawConnection implements AutoCloseable {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Http2FrameWriter writer = new DefaultHttp2FrameWriter();
    private final Channel channel;
    private final ChannelHandlerContext context;

    // All guarded by this.
    private final Map<Integer, Call> calls = new HashMap<>();
    private final List<Integer> goAways = new ArrayList<>();
    private int lastStreamId = -1;
    private int confirmedPings;
    private long window = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private long credit = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private boolean isClosed;
    private boolean holdsPings;
    private final List<Long> heldPings = new ArrayList<>();

    /** Connects, and sends the preface without waiting for the server's. */
    RawConnection(int port, Http2Settings settings) {
        Frames frames = new Frames(settings);
        channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .handler(frames)
                .connect(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
        context = channel.pipeline().context(frames);
    }

    RawConnection(int port) {
        this(port, new Http2Settings());
    }

    /** The headers of a gRPC call. */
    static Http2Headers post(String fullMethodName) {
        return new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .authority("localhost")
                .path("/" + fullMethodName)
                .add("content-type", "application/grpc")
                .add("te", "trailers");
    }

    private void send(Function<ChannelHandlerContext, ChannelFuture> frame) {
        channel.eventLoop()
                .submit(() -> {
                    ChannelFuture unused = frame.apply(context);
                    context.flush();
                })
                .syncUninterruptibly();
    }

    /** Opens a stream. */
    Call call(Http2Headers headers, boolean isEnd) {
        Call call;
        synchronized (this) {
            lastStreamId += 2;
            call = new Call(lastStreamId);
            calls.put(lastStreamId, call);
        }
        call.headers(headers, isEnd);
        return call;
    }

    Call call(Http2Headers headers) {
        return call(headers, false);
    }

    /** Waits until the server has read all that was sent before, and what it wrote before has come. */
    void ping() {
        int before;
        synchronized (this) {
            before = confirmedPings;
        }
        send(to -> writer.writePing(to, false, before, to.newPromise()));
        await("a confirmed ping", () -> confirmedPings > before);
    }

    /** Leaves the server's pings without an answer, as if they were still on their way. */
    synchronized void holdPings() {
        holdsPings = true;
    }

    void confirmPings() {
        List<Long> held;
        synchronized (this) {
            holdsPings = false;
            held = List.copyOf(heldPings);
        }
        held.forEach(data -> send(to -> writer.writePing(to, true, data, to.newPromise())));
    }

    /** The last stream ids of the GOAWAY frames that came. */
    synchronized List<Integer> goAways() {
        return List.copyOf(goAways);
    }

    void awaitGoAways(int count) {
        await(count + " GOAWAY", () -> goAways.size() >= count);
    }

    void awaitClosed() {
        await("the end of the connection", () -> isClosed);
    }

    private synchronized void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + Await.LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("not within " + Await.LIMIT + ": " + what);
            }
            if (isClosed) {
                throw new AssertionError("the connection was closed before there was " + what);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    /** Ends without a word: with a reset of the TCP connection. */
    void abort() {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close().syncUninterruptibly();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** A stream, and what has come on it. */
    final class Call {
        private final int streamId;

        // All guarded by the connection.
        private final List<String> frames = new ArrayList<>();
        private final List<Http2Headers> received = new ArrayList<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private long sent;
        private long credited;
        private boolean isOver;

        private Call(int streamId) {
            this.streamId = streamId;
        }

        /** Headers, or trailers. */
        void headers(Http2Headers headers, boolean isEnd) {
            send(to -> writer.writeHeaders(to, streamId, headers, 0, isEnd, to.newPromise()));
        }

        /** One DATA frame; waits for the server's credit first. */
        void data(byte[] bytes, boolean isEnd) {
            await("credit", () -> Math.min(credit, window + credited - sent) >= bytes.length);
            synchronized (RawConnection.this) {
                credit -= bytes.length;
                sent += bytes.length;
            }
            send(to -> writer.writeData(to, streamId, Unpooled.wrappedBuffer(bytes), 0, isEnd, to.newPromise()));
        }

        void reset(Http2Error error) {
            send(to -> writer.writeRstStream(to, streamId, error.code(), to.newPromise()));
        }

        /** Lets the server send so many bytes more. */
        void credit(int bytes) {
            send(to -> writer.writeWindowUpdate(to, streamId, bytes, to.newPromise()));
        }

        /** What came, such as {@code HEADERS}, {@code DATA}, {@code HEADERS END}, {@code RST_STREAM NO_ERROR}. */
        List<String> frames() {
            synchronized (RawConnection.this) {
                return List.copyOf(frames);
            }
        }

        /** The headers that came: the first and the last are the same if there is no message. */
        Http2Headers head() {
            synchronized (RawConnection.this) {
                return received.get(0);
            }
        }

        Http2Headers trailers() {
            synchronized (RawConnection.this) {
                return received.get(received.size() - 1);
            }
        }

        byte[] body() {
            synchronized (RawConnection.this) {
                return body.toByteArray();
            }
        }

        boolean isOver() {
            synchronized (RawConnection.this) {
                return isOver;
            }
        }

        void awaitEnd() {
            await("the end of the answer", () -> isOver);
        }

        /** Waits for so many frames, which may come after the end. */
        void awaitFrames(int count) {
            await("frame " + count, () -> frames.size() >= count);
        }

        /** Waits for so much of the body, or its end. */
        void awaitBody(int bytes) {
            await(bytes + " bytes", () -> body.size() >= bytes || isOver);
        }

        private void came(String frame, boolean isEnd) {
            frames.add(isEnd ? frame + " END" : frame);
            isOver |= isEnd;
        }
    }

    /** What comes. */
    private final class Frames extends ByteToMessageDecoder {
        private final Http2FrameReader reader = new DefaultHttp2FrameReader();
        private final Listener listener = new Listener(this);
        private final Http2Settings settings;

        private Frames(Http2Settings settings) {
            this.settings = settings;
        }

        @Override
        public void channelActive(ChannelHandlerContext to) throws Exception {
            ChannelFuture unusedPreface = to.write(Http2CodecUtil.connectionPrefaceBuf());
            ChannelFuture unusedSettings = writer.writeSettings(to, settings, to.newPromise());
            to.flush();
            super.channelActive(to);
        }

        @Override
        protected void decode(ChannelHandlerContext from, ByteBuf bytes, List<Object> out) throws Http2Exception {
            reader.readFrame(from, bytes, listener);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext from) throws Exception {
            from.flush();
            super.channelReadComplete(from);
        }

        @Override
        public void channelInactive(ChannelHandlerContext from) throws Exception {
            try {
                super.channelInactive(from); // reads what is left
            } finally {
                synchronized (RawConnection.this) {
                    isClosed = true;
                    RawConnection.this.notifyAll();
                }
            }
        }

        private void keepToSettings() throws Http2Exception {
            Long headerTableSize = settings.headerTableSize();
            if (headerTableSize != null) {
                reader.configuration().headersConfiguration().maxHeaderTableSize(headerTableSize);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
            ChannelFuture unused = from.close(); // seen as such
        }

        @Override
        protected void handlerRemoved0(ChannelHandlerContext from) {
            reader.close();
            writer.close();
        }
    }

    private final class Listener extends Http2FrameAdapter {
        private final Frames frames;

        private Listener(Frames frames) {
            this.frames = frames;
        }

        private Call of(int streamId) {
            return Objects.requireNonNull(calls.get(streamId), "a frame of a stream that was never opened");
        }

        @Override
        public int onDataRead(ChannelHandlerContext from, int streamId, ByteBuf data, int padding, boolean isEnd) {
            synchronized (RawConnection.this) {
                Call call = of(streamId);
                byte[] bytes = new byte[data.readableBytes()];
                data.readBytes(bytes);
                call.body.writeBytes(bytes);
                call.came("DATA", isEnd);
                RawConnection.this.notifyAll();
                return bytes.length + padding;
            }
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext from, int streamId, Http2Headers headers, int padding, boolean isEnd) {
            synchronized (RawConnection.this) {
                Call call = of(streamId);
                call.received.add(headers);
                call.came("HEADERS", isEnd);
                RawConnection.this.notifyAll();
            }
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext from, int streamId, long code) {
            synchronized (RawConnection.this) {
                Call call = of(streamId);
                call.came("RST_STREAM " + Http2Error.valueOf(code), false);
                call.isOver = true;
                RawConnection.this.notifyAll();
            }
        }

        /** From now on the server knows our settings and has to keep to them. */
        @Override
        public void onSettingsAckRead(ChannelHandlerContext from) throws Http2Exception {
            frames.keepToSettings();
        }

        @Override
        public void onSettingsRead(ChannelHandlerContext from, Http2Settings settings) {
            synchronized (RawConnection.this) {
                Integer initial = settings.initialWindowSize();
                if (initial != null) {
                    window = initial;
                }
                RawConnection.this.notifyAll();
            }
            ChannelFuture unused = writer.writeSettingsAck(from, from.newPromise());
        }

        @Override
        public void onWindowUpdateRead(ChannelHandlerContext from, int streamId, int bytes) {
            synchronized (RawConnection.this) {
                if (streamId == 0) {
                    credit += bytes;
                } else {
                    of(streamId).credited += bytes;
                }
                RawConnection.this.notifyAll();
            }
        }

        @Override
        public void onPingRead(ChannelHandlerContext from, long data) {
            synchronized (RawConnection.this) {
                if (holdsPings) {
                    heldPings.add(data);
                    return;
                }
            }
            ChannelFuture unused = writer.writePing(from, true, data, from.newPromise());
        }

        @Override
        public void onPingAckRead(ChannelHandlerContext from, long data) {
            synchronized (RawConnection.this) {
                confirmedPings++;
                RawConnection.this.notifyAll();
            }
        }

        @Override
        public void onGoAwayRead(ChannelHandlerContext from, int lastStreamId, long code, ByteBuf why) {
            synchronized (RawConnection.this) {
                goAways.add(lastStreamId);
                RawConnection.this.notifyAll();
            }
        }
    }
}
