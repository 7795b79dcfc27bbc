package io.penstock.benchmarks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The other end of a connection under test: says what a test wants, and reads what the connection sent. */
final class FakeServer implements CallListener {
    static final Duration DEADLINE = Duration.ofSeconds(1);

    final CallConnection connection = new CallConnection("host:1", "a.Service/Method", DEADLINE, this);
    final EmbeddedChannel channel = new EmbeddedChannel(connection);
    final List<String> heard = new ArrayList<>();

    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
    private final ByteBuf said = Unpooled.buffer();
    private final ByteBuf sent = Unpooled.buffer();
    private int sliceBytes = Integer.MAX_VALUE;

    /** A frame the connection sent. */
    record Frame(int type, int flags, int streamId, ByteBuf payload) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    /** Everything from now on arrives in pieces of this size. */
    FakeServer slicedInto(int bytes) {
        sliceBytes = bytes;
        return this;
    }

    /** The settings that open the connection: pairs of a number and a value. */
    FakeServer open(int... settings) {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < settings.length; i += 2) {
            payload.writeShort(settings[i]).writeInt(settings[i + 1]);
        }
        return frame(Http2.SETTINGS, 0, 0, payload).arrive();
    }

    FakeServer frame(int type, int flags, int streamId, ByteBuf payload) {
        said.writeMedium(payload.readableBytes())
                .writeByte(type)
                .writeByte(flags)
                .writeInt(streamId);
        said.writeBytes(payload);
        return this;
    }

    FakeServer headers(int streamId, boolean last, String... namesAndValues) {
        return frame(Http2.HEADERS, Http2.END_HEADERS | (last ? Http2.END_STREAM : 0), streamId, block(namesAndValues));
    }

    ByteBuf block(String... namesAndValues) {
        Http2Headers headers = new DefaultHttp2Headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        ByteBuf block = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, block);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        return block;
    }

    /** A whole answer: headers, message, trailers. */
    FakeServer answer(int streamId, String text) {
        return headers(streamId, false, ":status", "200", "content-type", "application/grpc")
                .frame(Http2.DATA, 0, streamId, message(text))
                .headers(streamId, true, "grpc-status", "0");
    }

    static ByteBuf message(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Unpooled.buffer().writeByte(0).writeInt(bytes.length).writeBytes(bytes);
    }

    static ByteBuf number(int value) {
        return Unpooled.buffer().writeInt(value);
    }

    /** What was said reaches the connection. */
    FakeServer arrive() {
        while (said.isReadable()) {
            byte[] slice = new byte[Math.min(sliceBytes, said.readableBytes())];
            said.readBytes(slice);
            channel.writeInbound(Unpooled.wrappedBuffer(slice));
        }
        said.clear();
        return this;
    }

    void call(long due, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        connection.send(due, 0, bytes, bytes.length);
        connection.flush();
    }

    /** What the connection sent since the last time; the greeting is left out. */
    List<Frame> received() {
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            sent.writeBytes(part);
            part.release();
        }
        if (sent.isReadable(3) && sent.getByte(sent.readerIndex()) == 'P') {
            sent.skipBytes(24);
        }
        List<Frame> frames = new ArrayList<>();
        while (sent.isReadable()) {
            int length = sent.readUnsignedMedium();
            frames.add(new Frame(sent.readUnsignedByte(), sent.readUnsignedByte(), sent.readInt(), copy(length)));
        }
        return frames;
    }

    private ByteBuf copy(int length) {
        byte[] bytes = new byte[length];
        sent.readBytes(bytes);
        return Unpooled.wrappedBuffer(bytes);
    }

    /** The same of one type. */
    List<Frame> received(int type) {
        return received().stream().filter(frame -> frame.type() == type).toList();
    }

    Http2Headers decode(Frame headers) throws Http2Exception {
        return decoder.decodeHeaders(headers.streamId(), headers.payload());
    }

    @Override
    public void opened(CallConnection opened) {
        heard.add("opened");
    }

    @Override
    public void message(long due, ByteBuf buffer, int offset, int length) {
        String text = new String(ByteBufUtil.getBytes(buffer, offset, length), StandardCharsets.US_ASCII);
        heard.add(due + " message " + (length > 20 ? length + " bytes" : text));
    }

    @Override
    public void ended(CallConnection of, long due, int status) {
        heard.add(due + " ended " + status);
    }

    @Override
    public void closed(CallConnection closed, @Nullable String reason) {
        heard.add("closed: " + reason);
    }
}
