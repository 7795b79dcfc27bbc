package io.penstock.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallConnectionTest {
    private static final int NEVER_USED_BEFORE = 0x0a;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.channel.finishAndReleaseAll();
    }

    @Test
    void sendsNothingBeforeTheServerSaidWhatItAllows() {
        assertThat(server.connection.canSend()).isFalse();

        server.open();

        assertThat(server.connection.canSend()).isTrue();
        assertThat(server.heard).containsExactly("opened");
        assertThat(server.received(Http2.SETTINGS)).hasSize(2).last().matches(frame -> frame.has(Http2.ACK));
    }

    @Test
    void sendsTheSameHeadersFirstAsLiteralsThenAsOneByteEach() throws Exception {
        server.open();
        server.call(1, "hello");
        server.call(2, "world");

        List<FakeServer.Frame> headers = server.received(Http2.HEADERS);
        assertThat(headers).hasSize(2);
        assertThat(headers.get(1).payload().readableBytes()).isEqualTo(8);
        for (FakeServer.Frame each : headers) {
            Http2Headers decoded = server.decode(each);
            assertThat(decoded.method()).hasToString("POST");
            assertThat(decoded.path()).hasToString("/a.Service/Method");
            assertThat(decoded.authority()).hasToString("host:1");
            assertThat(decoded.get("grpc-timeout")).hasToString("1000000u");
            assertThat(decoded.get("content-type")).hasToString("application/grpc");
            assertThat(decoded.get("te")).hasToString("trailers");
        }
    }

    @Test
    void sendsLiteralsToAServerThatKeepsNoTable() throws Exception {
        server.open(Http2.SETTING_HEADER_TABLE_SIZE, 0);
        server.call(1, "hello");
        server.call(2, "world");

        List<FakeServer.Frame> headers = server.received(Http2.HEADERS);
        assertThat(headers.get(0).payload().getUnsignedByte(0)).isEqualTo((short) 0x20);
        for (FakeServer.Frame each : headers) {
            assertThat(server.decode(each).path()).hasToString("/a.Service/Method");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 100_000})
    void readsAnswersHoweverTheyAreCut(int sliceBytes) {
        server.open().slicedInto(sliceBytes);
        server.call(1, "a");
        server.call(2, "b");

        server.answer(1, "first").answer(3, "second").arrive();

        assertThat(server.heard)
                .containsExactly("opened", "1 message first", "1 ended 0", "2 message second", "2 ended 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000})
    void putsAMessageTogetherThatSpansFrames(int sliceBytes) {
        server.open().slicedInto(sliceBytes);
        server.call(1, "a");
        ByteBuf message = FakeServer.message("x".repeat(20_000));

        server.headers(1, false, ":status", "200")
                .frame(Http2.DATA, 0, 1, message.readSlice(3))
                .frame(Http2.DATA, 0, 1, message.readSlice(16_000))
                .frame(Http2.DATA, 0, 1, message)
                .headers(1, true, "grpc-status", "0")
                .arrive();

        assertThat(server.heard).containsExactly("opened", "1 message 20000 bytes", "1 ended 0");
    }

    @Test
    void readsPaddedFramesAndBlocksThatSpanFrames() {
        server.open();
        server.call(1, "a");
        ByteBuf block = server.block(":status", "200", "content-type", "application/grpc");
        ByteBuf padded = Unpooled.buffer()
                .writeByte(3)
                .writeBytes(FakeServer.message("hi"))
                .writeZero(3);

        server.frame(Http2.HEADERS, 0, 1, block.readSlice(2))
                .frame(Http2.CONTINUATION, Http2.END_HEADERS, 1, block)
                .frame(Http2.DATA, Http2.PADDED, 1, padded)
                .headers(1, true, "grpc-status", "0")
                .arrive();

        assertThat(server.heard).containsExactly("opened", "1 message hi", "1 ended 0");
    }

    @Test
    void decodesTrailersItHasNotSeenBeforeAndThoseAfterThem() {
        server.open();
        for (int i = 0; i < 5; i++) {
            server.call(i, "a");
        }

        server.answer(1, "x").answer(3, "y").arrive();
        server.headers(5, true, ":status", "200", "grpc-status", "14", "grpc-message", "gone")
                .arrive();
        server.answer(7, "z").arrive();
        server.headers(9, true, ":status", "503").arrive();

        assertThat(server.heard)
                .containsExactly(
                        "opened",
                        "0 message x",
                        "0 ended 0",
                        "1 message y",
                        "1 ended 0",
                        "2 ended 14",
                        "3 message z",
                        "3 ended 0",
                        "4 ended 14");
    }

    @Test
    void anOkWithoutAMessageIsAnError() {
        server.open();
        server.call(1, "a");

        server.headers(1, true, ":status", "200", "grpc-status", "0").arrive();

        assertThat(server.heard).containsExactly("opened", "1 ended 13");
    }

    @Test
    void mapsResets() {
        server.open();
        for (int i = 0; i < 4; i++) {
            server.call(i, "a");
        }

        int[] errors = {Http2.REFUSED_STREAM, Http2.CANCEL, Http2.ENHANCE_YOUR_CALM, 1};
        for (int i = 0; i < errors.length; i++) {
            server.frame(Http2.RST_STREAM, 0, 1 + 2 * i, FakeServer.number(errors[i]));
        }
        server.arrive();

        assertThat(server.heard).containsExactly("opened", "0 ended 14", "1 ended 1", "2 ended 8", "3 ended 13");
        assertThat(server.connection.inFlight()).isZero();
    }

    @Test
    void sendsNothingNewAfterAGoAwayAndClosesWithItsLastCall() {
        server.open();
        server.call(1, "a");
        server.call(2, "b");
        ByteBuf goAway =
                Unpooled.buffer().writeInt(1).writeInt(0).writeBytes("max_age".getBytes(StandardCharsets.US_ASCII));

        server.frame(Http2.GOAWAY, 0, 0, goAway).arrive();

        assertThat(server.connection.canSend()).isFalse();
        assertThat(server.heard).containsExactly("opened", "2 ended 14");
        server.answer(1, "x").arrive();
        assertThat(server.heard).endsWith("1 message x", "1 ended 0", "closed: the server said goodbye: max_age");
    }

    @Test
    void aLostConnectionEndsItsCalls() {
        server.open();
        server.call(1, "a");

        server.channel.close().syncUninterruptibly();

        assertThat(server.heard).containsExactly("opened", "1 ended 14", "closed: the server closed the connection");
    }

    @Test
    void keepsToTheServersLimitOnStreams() {
        server.open(Http2.SETTING_MAX_CONCURRENT_STREAMS, 1);
        server.call(1, "a");

        assertThat(server.connection.canSend()).isFalse();
        server.answer(1, "x").arrive();
        assertThat(server.connection.canSend()).isTrue();
    }

    @Test
    void holdsARequestBackUntilTheWindowsLetItThrough() {
        server.open(Http2.SETTING_INITIAL_WINDOW_SIZE, 10);
        server.received();
        server.call(1, "0123456789abcdef");

        assertThat(server.received(Http2.DATA))
                .singleElement()
                .matches(frame -> frame.payload().readableBytes() == 10 && !frame.has(Http2.END_STREAM));
        assertThat(server.connection.canSend()).isFalse();

        server.frame(Http2.WINDOW_UPDATE, 0, 1, FakeServer.number(100)).arrive();

        assertThat(server.received(Http2.DATA))
                .singleElement()
                .matches(frame -> frame.payload().readableBytes() == 11 && frame.has(Http2.END_STREAM));
        assertThat(server.connection.canSend()).isTrue();
    }

    @Test
    void stopsAtTheConnectionsWindow() {
        server.open();
        int sent = 0;
        for (; server.connection.canSend(); sent++) {
            server.call(sent, "x".repeat(995));
        }
        int bytes = server.received(Http2.DATA).stream()
                .mapToInt(frame -> frame.payload().readableBytes())
                .sum();

        assertThat(sent).isEqualTo(66);
        assertThat(bytes).isEqualTo(65_535);
        server.frame(Http2.WINDOW_UPDATE, 0, 0, FakeServer.number(1 << 20)).arrive();
        assertThat(server.connection.canSend()).isTrue();
        assertThat(server.received(Http2.DATA)).singleElement().matches(frame -> frame.has(Http2.END_STREAM));
    }

    @Test
    void cancelsARequestThatWasAnsweredBeforeItWasSent() {
        server.open(Http2.SETTING_INITIAL_WINDOW_SIZE, 10);
        server.call(1, "0123456789abcdef");
        server.received();

        server.headers(1, true, ":status", "200", "grpc-status", "8").arrive();

        assertThat(server.heard).containsExactly("opened", "1 ended 8");
        assertThat(server.received(Http2.RST_STREAM)).hasSize(1);
        assertThat(server.connection.canSend()).isTrue();
    }

    @Test
    void cutsARequestIntoFramesOfTheAllowedSize() {
        server.open(Http2.SETTING_INITIAL_WINDOW_SIZE, 1 << 20);
        server.call(1, "x".repeat(40_000));

        assertThat(server.received(Http2.DATA))
                .extracting(frame -> frame.payload().readableBytes())
                .containsExactly(16_384, 16_384, 40_005 - 2 * 16_384);
    }

    @Test
    void givesUpWhatIsNotAnsweredInTimeAndIgnoresTheLateAnswer() {
        server.open();
        server.call(1, "a");
        long expiry = FakeServer.DEADLINE.plus(CallConnection.DEADLINE_MARGIN).toNanos();

        server.connection.expire(expiry - 1);
        assertThat(server.connection.inFlight()).isOne();
        server.connection.expire(expiry);
        server.connection.flush();
        server.answer(1, "late").arrive();

        assertThat(server.heard).containsExactly("opened", "1 ended " + CallListener.UNANSWERED);
        assertThat(server.received(Http2.RST_STREAM)).hasSize(1);
    }

    @Test
    void answersPingsAndIgnoresFramesItDoesNotKnow() {
        server.open();
        server.received();

        server.frame(NEVER_USED_BEFORE, 0, 0, Unpooled.buffer().writeLong(1))
                .frame(Http2.PING, 0, 0, Unpooled.buffer().writeLong(42))
                .frame(Http2.PING, Http2.ACK, 0, Unpooled.buffer().writeLong(42))
                .arrive();

        assertThat(server.received())
                .singleElement()
                .matches(frame -> frame.type() == Http2.PING
                        && frame.has(Http2.ACK)
                        && frame.payload().getLong(0) == 42);
    }

    @Test
    void closesWhenAFrameIsLargerThanAllowed() {
        server.open();
        server.call(1, "a");

        server.frame(Http2.DATA, 0, 1, Unpooled.buffer().writeZero(16_385)).arrive();

        assertThat(server.heard)
                .containsExactly("opened", "1 ended 14", "closed: frame of 16385 bytes (expected: at most 16384)");
        assertThat(server.received(Http2.GOAWAY)).hasSize(1);
    }

    @Test
    void keepsThousandsOfCallsApartWhileOneOfThemHangs() {
        server.open(Http2.SETTING_INITIAL_WINDOW_SIZE, 1 << 30);
        server.frame(Http2.WINDOW_UPDATE, 0, 0, FakeServer.number(1 << 30)).arrive();
        server.call(-1, "the one that hangs");

        for (int i = 0; i < 2000; i++) {
            server.call(i, "a");
            server.answer(3 + 2 * i, "x").arrive();
            assertThat(server.heard).endsWith(i + " ended 0");
        }
        server.answer(1, "y").arrive();

        assertThat(server.heard).endsWith("-1 message y", "-1 ended 0");
    }
}
